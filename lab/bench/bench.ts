import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { outputOf } from '../../cli/arguments/output.ts';
import { runProgram } from '../../cli/arguments/program.ts';
import { benchProgram, quickRounds } from './bench-program.ts';
import { jsonLine } from './json-line.ts';
import { measureAll } from './measure-all.ts';
import { showResult } from './show-result.ts';
import { writeResult } from './write-result.ts';

/** The program of `npm run bench`. */
process.exitCode = await runProgram(benchProgram, process.argv.slice(2), outputOf(process), (given) =>
  bench({ ...given, rounds: given.quick ? quickRounds : given.rounds }),
);

async function bench(options: {
  readonly quick: boolean;
  readonly json: boolean;
  readonly rounds: number;
}): Promise<number> {
  const failures: string[] = [];
  const note = (line: string) => process.stderr.write(`${line}\n`);
  const failed = (line: string) => {
    failures.push(line);
    note(line);
  };
  const folder = mkdtempSync(join(tmpdir(), 'relay-bench-'));
  try {
    const result = await measureAll({ ...options, folder, note, failed });
    showResult(result, (line) => process.stdout.write(`${line}\n`));
    const complete = failures.length === 0;
    for (const file of writeResult(result, { at: new Date(), complete })) note(`wrote ${file}`);
    if (options.json) process.stdout.write(`${jsonLine(result)}\n`);
    return complete ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
