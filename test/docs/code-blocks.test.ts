import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { createLineFormat } from '../../functions/collector/delivery/formats/line-formats.ts';
import { prepareRecords } from '../../functions/collector/delivery/prepare-records.ts';
import { readStages } from '../../infra/config/read-stages.ts';
import { cutOf } from '../functions/collector/answers/cut-of.ts';
import { stageSettings } from '../infra/synthesized.ts';
import { awsCommandsIn, wrongOfAws } from './aws-commands.ts';
import { blocksOf, codeBlocks, pages } from './code-blocks.ts';

const root = join(import.meta.dirname, '../..');
const here = 'test/docs/code-blocks.test.ts';

/** Who reads the blocks of a language. Their commands `npx relay`, `npm run` and `npm start` are `docs-commands.test.ts`'s. */
const readers: Readonly<Record<string, readonly string[]>> = {
  '': ['test/docs-commands.test.ts'],
  sh: [here, 'test/docs-commands.test.ts'],
  json: [here, 'test/docs/view-samples.test.ts'],
  ts: [here],
  spl: ['test/docs/splunk-searches.test.ts'],
  kusto: ['test/outside/kusto.test.ts'],
  lucene: ['test/outside/opensearch.test.ts'],
  mermaid: ['test/architecture.test.ts'],
  diff: ['test/infra/new-kind.test.ts'],
  text: [
    'test/infra/monitoring/alarm-faults.long.test.ts',
    'packages/cdk-loopback/test/readme.test.ts',
    'packages/mosaic-simulator/test/readme.test.ts',
    'packages/siem-receivers/test/readme.test.ts',
  ],
};

test('every block of code is in a language that a test reads', () => {
  const unread = codeBlocks
    .filter(({ language, page }) => {
      const by = Object.hasOwn(readers, language) ? readers[language]! : [];
      return !by.some(
        (file) => !file.startsWith('packages/') || file.startsWith(page.replace(/README\.md$/, '')),
      );
    })
    .map(({ page, language }) => `${page}: ${language}`);

  expect(codeBlocks.length).toBeGreaterThan(40);
  expect(unread).toEqual([]);
  expect(
    Object.values(readers)
      .flat()
      .filter((file) => !existsSync(join(root, file))),
  ).toEqual([]);
});

test('every shell block is a text that bash reads', () => {
  const refused = blocksOf('sh').flatMap(({ page, code }) => {
    // `<the output BucketName>` is for the reader to fill in.
    const text = code.replaceAll(/<[a-z][^<>\n]*>/g, 'FILLED-IN');
    const { status, stderr } = spawnSync('bash', ['-n'], { input: text, encoding: 'utf8' });
    return status === 0 ? [] : [`${page}: ${stderr}`];
  });
  expect(refused).toEqual([]);
});

test('every aws command is an operation of AWS, with options that it has', async () => {
  const spans = pages.flatMap(({ page, text }) =>
    [...text.matchAll(/`(aws [^`\n]+)`/g)].map(([, code]) => ({ page, code: code! })),
  );
  const named = [...blocksOf('sh'), ...spans].flatMap(({ page, code }) =>
    awsCommandsIn(code).map((command) => ({ page, command })),
  );
  const wrong = await Promise.all(
    named.map(async ({ page, command }) => [page, await wrongOfAws(command)] as const),
  );

  expect(named.length).toBeGreaterThan(20);
  expect(wrong.filter(([, problem]) => problem !== undefined)).toEqual([]);
  expect(await wrongOfAws({ service: 'dynamodb', operation: 'scan', options: ['consistent-reed'] })).toBe(
    'dynamodb scan has no --consistent-reed',
  );
});

test('every block of JSON is JSON, and a sample of a line is what the collector writes', () => {
  const samples = blocksOf('json').filter(({ code }) => !code.includes('"event":{…}'));
  expect(samples.length).toBeGreaterThan(5);
  for (const { code } of samples) expect(() => JSON.parse(code)).not.toThrow();

  // Lines of a view are view-samples.test.ts's.
  const lines = samples
    .map(({ code }) => code.trim())
    .filter((code) => /"collected_at"/.test(code) && !code.includes('"view":'));
  expect(lines.length).toBeGreaterThan(3);
  expect(lines.map(written)).toEqual(lines);
});

/** The line that the collector writes for the event of a sample. */
function written(sample: string): string {
  const { _relay, event, fields, index } = JSON.parse(sample);
  const { type, stream, stage, collected_at } = _relay ?? fields;
  const name =
    fields !== undefined ? 'splunk-envelope' : _relay.as_text ? 'open-search-document' : 'relay-line';
  const raw = {
    'splunk-envelope': () => /"event":(.*),"fields":/.exec(sample)![1]!,
    'open-search-document': () => event as string,
    'relay-line': () => `${sample.slice(0, sample.indexOf(',"_relay":'))}}`,
  }[name]();
  const format = createLineFormat(name, stage, index === undefined ? {} : { index });
  const facts = { type, stream, collectedAt: Date.parse(collected_at) };
  return Buffer.from(
    prepareRecords(cutOf([raw]), facts, { format, packing: 'single' }).records[0]!,
  ).toString();
}

test('every block of TypeScript is TypeScript, and settings in it are settings that are taken', () => {
  const blocks = blocksOf('ts');
  // Of a stream, or of a stage: `views: { … }, streams: [ … ],`.
  const settings = blocks.filter(({ code }) => /^(\{|views:|streams:)/.test(code));
  for (const { code } of blocks.filter((block) => !settings.includes(block)))
    expect(() => stripTypeScriptTypes(code)).not.toThrow();

  expect(settings.length).toBeGreaterThan(1);
  for (const { page, code } of settings) {
    const filledIn = code.replaceAll(
      'arn:aws:…',
      'arn:aws:secretsmanager:eu-west-1:111122223333:secret:siem-AbCdEf',
    );
    const text = code.startsWith('{') ? `({ streams: [${filledIn}] })` : `({ ${filledIn} })`;
    const written = JSON.parse(JSON.stringify(runInNewContext(text)));
    expect([page, readStages({ test: { ...stageSettings(), ...written } })]).toEqual([
      page,
      { stages: [expect.objectContaining({ name: 'test' })] },
    ]);
  }
});

test('the page of the index template and the template itself stand together', () => {
  const template = JSON.parse(readFileSync(join(root, 'content/opensearch/index-template.json'), 'utf8'));
  const page = pages.find((one) => one.page === 'docs/opensearch.md')!.text;
  expect(page).toContain(`Its \`index_patterns\` is \`${template.index_patterns}\``);
});
