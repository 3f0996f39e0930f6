import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { detections } from '../../content/generate/detections.ts';
import { detectionKql } from '../../content/generate/detections-kql.ts';
import { asimParsers, sentinelTable } from '../../content/generate/sentinel-parsers.ts';
import { workbookQueries } from '../../content/generate/sentinel-workbook.ts';
import { tellSkipped, temporaryFolder } from './install.ts';
import { installKusto, type Kusto, loadKusto } from './kusto.ts';

const version = '12.4.1';
const folder = temporaryFolder();
const { missing } = await installKusto(folder, version);
tellSkipped(`@kusto/language-service-next ${version}`, missing, folder);

const docs = join(import.meta.dirname, '../../docs');
const guide = readFileSync(join(docs, 'sentinel.md'), 'utf8');
const columns = /--columns ([\s\S]*?)\n\n/
  .exec(guide)![1]!
  .split(/[\s\\]+/)
  .filter((column) => column !== '');
const transformation = /"transformKql": "(.*)"/.exec(guide)![1]!;

describe.skipIf(missing !== undefined)("Microsoft's language service", () => {
  let kusto: Kusto;

  beforeAll(() => {
    kusto = loadKusto(folder);
  });

  test('binds every query of the docs to the table that sentinel.md creates', () => {
    const queries = globSync('**/*.md', { cwd: docs }).flatMap((page) => {
      const text = readFileSync(join(docs, page), 'utf8');
      const blocks = [...text.matchAll(/```kusto\n([\s\S]*?)```/g)].flatMap(([, code]) => queriesIn(code!));
      const spans = [...text.matchAll(/`(MosaicEvents_CL \|[^`\n]+)`/g)].map(([, query]) => query!);
      return [...blocks, ...spans];
    });

    expect(queries.length).toBeGreaterThan(4);
    expect(
      queries.flatMap((query) =>
        kusto.bind(query, { MosaicEvents_CL: columns }).problems.map((problem) => `${query}: ${problem}`),
      ),
    ).toEqual([]);
  });

  test("the rule's transformation gives just the table's columns, with their types", () => {
    const bound = kusto.bind(transformation, { source: ['Event=dynamic'] });

    expect(bound.problems).toEqual([]);
    expect(bound.columns.toSorted()).toEqual(columns.toSorted());
  });

  test('binds the ASIM functions, and the queries of the workbook to what the functions give', () => {
    const functions = asimParsers().map(({ name, query }) => ({
      name,
      bound: kusto.bind(query, { [sentinelTable]: columns }),
    }));
    const tables = Object.fromEntries(functions.map(({ name, bound }) => [name, bound.columns]));

    expect(functions.flatMap(({ bound }) => bound.problems)).toEqual([]);
    for (const { bound } of functions) expect(bound.columns).toEqual(expect.arrayContaining(ofEveryAsim));
    expect(workbookQueries.flatMap((query) => kusto.bind(query, tables).problems)).toEqual([]);
  });

  test('binds the detections', () => {
    const queries = detections.map((detection) => detectionKql(detection));

    expect(queries.flatMap((query) => kusto.bind(query, { [sentinelTable]: columns }).problems)).toEqual([]);
  });

  test('finds a column that is not there', () => {
    const { problems } = kusto.bind('MosaicEvents_CL | where Typ == "cis"', { MosaicEvents_CL: columns });

    expect(problems).toEqual([expect.stringContaining("'Typ' does not refer to any known column")]);
  });
});

/** What each schema of ASIM wants of every event. */
const ofEveryAsim = [
  'TimeGenerated=datetime',
  'EventCount=int',
  'EventStartTime=datetime',
  'EventEndTime=datetime',
  'EventType=string',
  'EventResult=string',
  'EventProduct=string',
  'EventVendor=string',
  'EventSchema=string',
  'EventSchemaVersion=string',
  'Dvc=string',
];

/** The queries of a block of code: a line that begins with a pipe goes on with the query above. */
function queriesIn(code: string): readonly string[] {
  return code
    .trim()
    .replaceAll(/\n\s*\|/g, ' |')
    .split('\n');
}
