import { readFile } from 'node:fs/promises';
import { eventText } from '@mosaic-relay/mosaic-simulator';
import { startOpenSearch } from '@mosaic-relay/siem-receivers';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { readRelayedLine } from '../../../../../cli/replay/relayed-line.ts';
import { eventTypes } from '../../../../../functions/collector/contract.ts';
import { flatMembers, plainMembers } from '../../../../../functions/collector/delivery/formats/indexable.ts';
import { createLineFormat } from '../../../../../functions/collector/delivery/formats/line-formats.ts';
import { prepareRecords } from '../../../../../functions/collector/delivery/prepare-records.ts';
import { cutOf } from '../../answers/cut-of.ts';
import { spacedArray } from '../../answers/json-texts.ts';

const facts = { type: 'cis', stream: 'relay-cis', collectedAt: Date.UTC(2026, 2, 1) };
const shape = { format: createLineFormat('open-search-document', 'dev'), packing: 'single' } as const;
const template = JSON.parse(
  await readFile(new URL('../../../../../content/opensearch/index-template.json', import.meta.url), 'utf8'),
);

function documentsOf(events: readonly string[]): string[] {
  return prepareRecords(cutOf(events), facts, shape).records.map((record) => Buffer.from(record).toString());
}

/** What a domain with the relay's template answers of each document: undefined for one that it indexes. */
async function refusalsOf(documents: readonly string[]): Promise<(string | undefined)[]> {
  const search = await startOpenSearch({ clock: Date, kind: 'managed', mayWrite: () => true });
  onTestFinished(() => search.close());
  search.putTemplate('mosaic-relay', template);
  const scope = '20260301/us-east-1/es/aws4_request';
  const response = await fetch(`${search.url}/mosaic/_bulk`, {
    method: 'POST',
    headers: {
      authorization: `AWS4-HMAC-SHA256 Credential=ASIA/${scope}, SignedHeaders=host, Signature=0`,
      'content-type': 'application/x-ndjson',
    },
    body: documents.map((document) => `{"index":{}}\n${document}\n`).join(''),
  });
  const { items } = (await response.json()) as { items: { index: { error?: { reason: string } } }[] };
  return items.map(({ index }) => index.error?.reason);
}

test('an event that OpenSearch indexes goes as a relay line', () => {
  const events = ['{"activity":"a","additionalParams":{"a":{"b":[1,"x",{"c":1}]}},"new":{"x.y":1}}', '{}'];
  const lines = prepareRecords(cutOf(events), facts, {
    format: createLineFormat('relay-line', 'dev'),
    packing: 'single',
  });
  expect(documentsOf(events)).toEqual(lines.records.map((record) => Buffer.from(record).toString()));
});

const nested = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
const longValue = (bytes: number) => `{"additionalParams":{"key":"${'x'.repeat(bytes)}"}}`;
const pathBytes = 'additionalParams.additionalParams.key='.length;

test.each([
  ['a name twice', '{"a":1,"a":2}'],
  ['a name twice, once with an escape', '{"n":{"text":1,"te\\u0078t":2}}'],
  ['an empty name', '{"":1}'],
  ['a name that is a dot', '{".":1}'],
  ['an empty part between dots', '{"a..b":1}'],
  ['a part of white space between dots', '{"a. .b":1}'],
  ['a part that Java takes for white space', '{"a.\\u001f.b":1}'],
  ['a number of 1,001 characters', `{"n":${'1'.repeat(1_001)}}`],
  ['nesting of 21', nested(21)],
  ['a metadata member', '{"_id":"x"}'],
  ['another metadata member', '{"_source":{}}'],
  ['an object where the template has a plain value', '{"user_id":{"a":1}}'],
  ['a plain value where the template has an object', '{"additional_params":"x"}'],
  ['a dotted name below a plain value', '{"user_id.a":1}'],
  ['a dotted name below a metadata member', '{"_id.a":1}'],
  ["a value above Lucene's limit", longValue(32_766 - pathBytes + 1)],
  ['no object', '[{"a":1}]'],
  ['text', '"a \\" b"'],
  ['null', 'null'],
  ['an event with a _relay of its own', '{"_relay":{"type":{}}}'],
  ['white space between tokens', '{"a":\t1,\n"a":\r2}'],
])('%s goes as a string that holds the very bytes', async (_, event) => {
  const [document] = documentsOf([event]);
  const { event: text, _relay: relay } = JSON.parse(document!);

  expect(text).toBe(event);
  expect(relay).toMatchObject({ as_text: true, stage: 'dev' });
  expect(readRelayedLine(Buffer.from(document!))!.events.map(String)).toContain(event);
  expect(await refusalsOf([document!])).toEqual([undefined]);
});

test.each([
  ['an event at every limit', `{"n":${'1'.repeat(1_000)},"d":${nested(19)}}`],
  ["a value of Lucene's limit", longValue(32_766 - pathBytes)],
  ['a name that stands in two objects', '{"a":{"x":1},"b":{"x":1},"c":[{"x":1},{"x":1}]}'],
  ['a metadata name further in', '{"a":{"_id":1}}'],
  ['an empty name further in', '{"additionalParams":{"input":{"":1," ":[{".":{"a..b":1}}]}},"a":{"":1}}'],
  ['a name of white space', '{" ":1,"\\u00a0":2}'],
  ['a dot at the end of a name', '{"a.":1}'],
  ['a part of a no-break space between dots', '{"a.\\u00a0.b":1}'],
])('%s goes as a relay line', async (_, event) => {
  const [document] = documentsOf([event]);

  expect(JSON.parse(document!)._relay.as_text).toBeUndefined();
  expect(await refusalsOf([document!])).toEqual([undefined]);
});

test('whatever JSON an event is, it is indexed', async () => {
  const events = fc.sample(spacedArray(), { numRuns: 300, seed: 7 }).flatMap(({ elements }) => elements);
  const refused = (await refusalsOf(documentsOf(events))).filter((reason) => reason !== undefined);
  expect(refused).toEqual([]);
});

test.each(eventTypes)('every event of %s that the simulator raises is indexed', async (type) => {
  const style = {
    seed: 5,
    averageBytes: 1_500,
    snakeParams: false,
    pretty: true,
    large: true,
    oversize: false,
    unreadableTimestamps: false,
  };
  const events = Array.from({ length: 400 }, (_, index) =>
    eventText(style, { type, index, timestamp: facts.collectedAt, enriched: index % 2 === 0 }),
  );
  const documents = documentsOf(events);
  const refused = (await refusalsOf(documents)).filter((reason) => reason !== undefined);

  expect(documents).toHaveLength(events.length);
  expect(refused).toEqual([]);
});

test("the members with a type are those of the repository's index template", () => {
  const properties = template.template.mappings.properties as Record<string, { type?: string }>;
  const named = (isFlat: boolean) =>
    Object.entries(properties)
      .filter(([name, { type }]) => name !== '_relay' && (type === 'flat_object') === isFlat)
      .map(([name]) => name);
  expect(named(false)).toEqual([...plainMembers]);
  expect(named(true)).toEqual([...flatMembers]);
});
