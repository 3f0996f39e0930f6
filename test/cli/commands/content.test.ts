import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runRelay } from '../run-relay.ts';

let folder: string;
let out: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'relay-content-'));
  out = join(folder, 'out');
});

afterEach(() => rm(folder, { recursive: true }));

describe('splunk', () => {
  test("the macro names the stage's index, and a source type of the settings' own is read by the event's type", async () => {
    const { code, out: said } = await content('splunk', [
      { kind: 'splunk', index: 'security', sourcetype: 'acme:mosaic' },
      { kind: 's3' },
    ]);

    const props = await read('mosaic_siem_relay/default/props.conf');
    expect(code).toBe(0);
    expect(said).toContain(`tar czf mosaic_siem_relay.tgz -C ${out} mosaic_siem_relay`);
    expect(await read('mosaic_siem_relay/default/macros.conf')).toContain('definition = index=security\n');
    expect(await read('mosaic_siem_relay/default/eventtypes.conf')).toContain('OR sourcetype=acme:mosaic');
    expect(props).toMatch(/\[acme:mosaic\]\nKV_MODE = json\n(.*\n){2}EVAL-mosaic_type = type\n/);
    expect(await read('detections/spl/spraying.spl')).toContain('value_count >= 20');
  });

  test('several indexes are one search; none is said', async () => {
    await content('splunk', [
      { kind: 'splunk', index: 'a' },
      { kind: 'splunk', index: 'b' },
    ]);
    expect(await read('mosaic_siem_relay/default/macros.conf')).toContain('= (index=a OR index=b)');

    await rm(out, { recursive: true });
    const { out: said } = await content('splunk', [{ kind: 'splunk' }]);
    expect(said).toContain("put the token's default index into the macro mosaic_index");
  });
});

test('sentinel: the table of the settings stands in every function, and two tables are refused', async () => {
  await content('sentinel', [{ kind: 'sentinel', table: 'Custom-Acme_CL' }]);
  const paths = (await readdir(out, { recursive: true })).filter((path) => /\.\w+$/.test(path));
  const texts = await Promise.all(paths.map(read));
  expect(await read('parsers/ASimAuthenticationMosaic.kql')).toContain('\nAcme_CL\n');
  expect(texts.filter((text) => text.includes('MosaicEvents_CL'))).toEqual([]);

  await rm(out, { recursive: true });
  const { code, problems } = await content('sentinel', [
    { kind: 'sentinel', table: 'Custom-A_CL' },
    { kind: 'sentinel', table: 'Custom-B_CL' },
  ]);
  expect([code, problems]).toEqual([2, expect.stringContaining('several tables, Custom-A_CL, Custom-B_CL')]);
  await expect(readdir(out)).rejects.toThrow('ENOENT');
});

test("opensearch: the template is for the destination's index", async () => {
  const { out: said } = await content('opensearch', [{ kind: 'openSearch', index: 'events' }]);

  expect(JSON.parse(await read('index-template.json')).index_patterns).toEqual(['events*']);
  expect(said).toContain(`--data @${join(out, 'index-template.json')}`);
});

test("elastic: the templates are for the destination's data stream, and the pipeline comes first", async () => {
  const { out: said } = await content('elastic', [{ kind: 'elastic', dataStream: 'logs-acme-prod' }]);

  expect(JSON.parse(await read('index-template.json')).index_patterns).toEqual(['logs-acme-prod']);
  expect(said.indexOf('_ingest/pipeline')).toBeLessThan(said.indexOf('_index_template'));
  expect(await read('detections/esql/spraying.esql')).toContain('value_count >= 20');
});

test('datadog: pipeline and dashboard, and what no call installs', async () => {
  const { out: said } = await content('datadog', [{ kind: 'datadog' }]);

  expect(JSON.parse(await read('pipeline.json')).name).toBe('Mosaic');
  expect(said).toContain('no call makes a facet');
});

test.each([
  [
    'a SIEM that is none',
    ['qradar'],
    /"qradar" is not one of splunk, sentinel, elastic, opensearch, datadog/,
  ],
  ['a SIEM that is misspelt', ['splnuk'], /"splnuk" is not one of .*; did you mean splunk\?/],
  [
    'a stage without such a destination',
    ['sentinel'],
    /stage dev has no destination of the kind sentinel, only s3; add one, whose names the content gets, or say --stage prod$/,
  ],
])('%s is refused in one line, and nothing is written', async (_, args, problem) => {
  const settings = await settingsOf([{ kind: 's3' }], [{ kind: 'sentinel' }]);
  const { code, problems } = await runRelay(['content', ...args, '--settings', settings, '--out', out]);

  expect(code).toBe(2);
  expect(problems).toMatch(problem);
  expect(problems).not.toContain('\n');
  await expect(readdir(out)).rejects.toThrow('ENOENT');
});

test('a folder that holds something is refused', async () => {
  await mkdir(out);
  await writeFile(join(out, 'mine.txt'), '');

  const { code, problems } = await content('splunk', [{ kind: 'splunk' }]);

  expect([code, problems]).toEqual([2, expect.stringContaining('is not empty (mine.txt)')]);
});

async function content(siem: string, destinations: readonly object[]) {
  return runRelay(['content', siem, '--settings', await settingsOf(destinations), '--out', out]);
}

/** The settings of a stage `dev` with one stream, and of a stage `prod` where its destinations are given. */
async function settingsOf(destinations: readonly object[], ofProd?: readonly object[]): Promise<string> {
  const file = join(folder, `stages-${Math.random().toString(36).slice(2)}.mjs`);
  const stages = {
    dev: { streams: [{ name: 'cis', destinations }] },
    ...(ofProd && { prod: { streams: [{ name: 'cis', destinations: ofProd }] } }),
  };
  await writeFile(file, `export const stages = ${JSON.stringify(stages)};\n`);
  return file;
}

function read(path: string): Promise<string> {
  return readFile(join(out, path), 'utf8');
}
