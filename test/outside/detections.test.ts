import { join } from 'node:path';
import { expect, test } from 'vitest';
import { detections } from '../../content/generate/detections.ts';
import { queriesByHand } from '../../content/generate/detections-by-hand.ts';
import { runProgram, tellSkipped, temporaryFolder } from './install.ts';
import { installPython } from './python.ts';

const releases = [
  'pysigma==1.5.1',
  'pysigma-backend-splunk==2.1.0',
  'pysigma-backend-sqlite==2.0.0',
  'pysigma-backend-elasticsearch==2.1.1',
];
const folder = temporaryFolder();
const python = await installPython(folder, releases);
tellSkipped(releases.join(', '), python.missing, folder);

const content = join(import.meta.dirname, '../../content/detections');

/** `-u` writes what the compiler says now. */
test.skipIf(python.missing !== undefined)(
  'pySigma reads every rule, and compiles it to the queries that are committed',
  async () => {
    const script = join(import.meta.dirname, 'detections/compile_detections.py');
    const program = python.missing === undefined ? python.program('python') : '';
    const { error, output } = await runProgram(program, [script, content], { folder, timeoutMs: 50_000 });
    if (error !== undefined) throw new Error(output, { cause: error });
    const compiled = JSON.parse(output) as Readonly<Record<string, Readonly<Record<string, string>>>>;

    const all = Object.entries(compiled).flatMap(([name, queries]) =>
      Object.entries(queries).map(([language, query]) => ({ name, language, query })),
    );
    for (const { name, language, query } of all)
      await expect(`${query.trimEnd()}\n`).toMatchFileSnapshot(
        join(content, language, `${name}.${language}`),
      );

    const has = new Set(all.map(({ name, language }) => `${name} ${language}`));
    const byHand = Object.entries(queriesByHand).flatMap(([name, queries]) =>
      Object.keys(queries).map((language) => `${name} ${language}`),
    );
    expect(byHand.filter((each) => has.has(each))).toEqual([]);
    const wanted = detections.flatMap(({ name }) => [`${name} spl`, `${name} sql`]);
    expect(wanted.filter((each) => !has.has(each) && !byHand.includes(each))).toEqual([]);
  },
);
