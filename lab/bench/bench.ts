import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jsonLine } from './json-line.ts';
import { measureAll } from './measure-all.ts';
import { parseBenchOptions } from './options.ts';
import { showResult } from './show-result.ts';
import { writeResult } from './write-result.ts';

/**
 * `npm run bench`: what collecting a million events costs the CPU, beside what a user would run instead, all on this
 * machine and in one interleaved run; how near one stream comes to its latencies; and the arithmetic of the bill.
 */
async function main(): Promise<number> {
  const options = parseBenchOptions(process.argv.slice(2));
  if ('usage' in options) {
    process.stdout.write(`${options.usage}\n`);
    return options.exitCode;
  }
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

process.exitCode = await main();
