import { afterEach, beforeEach, expect, test } from 'vitest';
import type { DeployedStream } from '../../../cli/access/deployed-relay.ts';
import { stateOf } from '../../../cli/access/open-relay.ts';
import { findEvents } from '../../../cli/evidence/find-events.ts';
import { openKeptViews } from '../../../cli/evidence/kept-views.ts';
import { traceEvent } from '../../../cli/evidence/trace-event.ts';
import { verifyStream } from '../../../cli/evidence/verify.ts';
import { replay } from '../../../cli/replay/replay.ts';
import { compileShape } from '../../../content/mapping/ocsf.ts';
import { eventId } from '../../../functions/collector/answers/event-id.ts';
import { type CompiledView, compileView, viewLabel } from '../../../functions/stored/compiled-view.ts';
import { keptViewKey, writeKeptView } from '../../../functions/stored/kept-view.ts';
import { drainedRun } from '../advise/run-record.ts';
import { localRunFolder, runRelay } from '../run-relay.ts';
import { collectedAt, type SmallRelay, startSmallRelay } from '../small-relay.ts';

const key = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:view-AbCdEf';
const pseudonyms = compileView({
  activities: { drop: ['get_user'] },
  members: { user_id: 'pseudonym', email: 'mask' },
  key,
});
const quiet = compileView({ activities: { drop: ['get_user'] } });
const events = [
  '{"n":0,"user_id":"u-1","email":"a@example.com"}',
  '{"n":1,"activity":"get_user"}',
  '{"n":2,\n"user_id":"u-2"}',
  '{"n":3,"user_id":"u-3"}',
];
const range = { from: collectedAt - 1_000, to: collectedAt + 1_000 };

let small: SmallRelay;
const keyText = (id: string, byte: number) =>
  JSON.stringify({ id, key: Buffer.alloc(32, byte).toString('base64') });

/** Puts a value in the place of today's key, and of the one before, which Secrets Manager keeps beside it. */
function putTwice(text: string): void {
  small.aws.secrets.put(key, text);
  small.aws.secrets.put(key, text);
}

beforeEach(async () => {
  small = await startSmallRelay();
  small.aws.secrets.put(key, keyText('p1', 7));
  await small.collect([events]);
  await stateOf(small.relay, small.stream).records.writeRecord(drainedRun(1, collectedAt - 1_000));
});
afterEach(() => small.close());

/** The stream, whose destination `s3` sees events through a view of this name. */
async function streamWith(name: string, view: CompiledView): Promise<DeployedStream> {
  const label = viewLabel(name, view);
  await small.bucket.put(keptViewKey('cis', label), { body: Buffer.from(writeKeptView(view)), metadata: {} });
  const destinations = small.stream.destinations.map((each) =>
    each.name === 's3' ? { ...each, view: label } : each,
  );
  return { ...small.stream, destinations };
}

async function delivered(stream: DeployedStream): Promise<readonly string[]> {
  const options = { relay: small.relay, stream, destination: 's3', rate: Number.POSITIVE_INFINITY };
  await replay({ ...options, sources: ['journal'] });
  await small.settle();
  return small.linesAt('s3');
}

/** Puts other lines in the place of the delivered ones. */
async function rewrite(lines: readonly string[]): Promise<void> {
  const [object, ...others] = await small.keys('delivered/');
  for (const other of others) await small.bucket.remove(other);
  await small.bucket.put(object!, { body: Buffer.from(`${lines.join('\n')}\n`), metadata: {} });
}

async function evidenceOf(stream: DeployedStream) {
  const { destinations, unusableKeys } = await verifyStream(small.relay, stream, { range });
  return { ...destinations[0]!, unusableKeys };
}

test('masked lines are made again from journal and view, replayed or not, and a dropped event is not missing', async () => {
  const stream = await streamWith('analysts', pseudonyms);
  const lines = await delivered(stream);
  const replayed = await evidenceOf(stream);
  await rewrite(lines.map((line) => line.replace(',"replayed":true', '')));
  const first = await evidenceOf(stream);

  expect(lines).toHaveLength(3);
  expect(lines[0]).toContain('"replayed":true');
  for (const evidence of [replayed, first])
    expect(evidence).toMatchObject({ held: 3, leftOut: 1, missing: 0, altered: 0, notJournaled: 0 });
});

test.each([
  ['a member that the view keeps', (line: string) => line.replace('"n":3', '"n":8')],
  ['a pseudonym, of which the id says nothing', (line: string) => line.replace(/"p1:[\w-]{4}/, '"p1:AAAA')],
  ['a mask', (line: string) => line.replace('"***"', '"a@example.com"')],
  [
    'the stream that it came from',
    (line: string) => line.replace('"stream":"relay-cis"', '"stream":"other"'),
  ],
])('a line in which somebody changed %s is altered', async (_, change) => {
  const stream = await streamWith('analysts', pseudonyms);
  const lines = await delivered(stream);
  await rewrite(lines.map(change));

  const evidence = await evidenceOf(stream);

  expect(evidence.altered).toBeGreaterThan(0);
  expect(evidence.missing).toBe(evidence.altered);
});

test('a masked line that is gone is missing, by the raw id of its event', async () => {
  const stream = await streamWith('analysts', pseudonyms);
  await rewrite((await delivered(stream)).slice(1));

  const evidence = await evidenceOf(stream);

  expect(evidence).toMatchObject({ held: 2, missing: 1, gone: 1 });
  expect(evidence.missingEvents).toEqual([
    expect.objectContaining({ eventId: eventId('cis', Buffer.from(events[0]!)) }),
  ]);
});

test('a line of an earlier view is made by that one; from before the view, or where its view is not kept, it is compared by id', async () => {
  const before = await streamWith('analysts', quiet);
  const stream = await streamWith('analysts', pseudonyms);
  const [ofQuiet] = await delivered(before);
  await rewrite([]);
  await small.bucket.remove((await small.keys('replayed/'))[0]!);
  const [, second, third] = await delivered(stream);
  const raw = `${events[0]!.slice(0, -1)},"_relay":{"id":"${eventId('cis', Buffer.from(events[0]!))}","collected_at":"${new Date(collectedAt).toISOString()}"}}`;
  const unkept = third!.replace(viewLabel('analysts', pseudonyms), 'analysts@00000000');

  await rewrite([ofQuiet!, second!, unkept]);
  const earlier = await evidenceOf(stream);
  await rewrite([ofQuiet!.replace('"n":0', '"n":9'), second!, unkept]);
  const forged = await evidenceOf(stream);
  await rewrite([raw, second!, third!]);
  const fromBefore = await evidenceOf(stream);

  expect(earlier).toMatchObject({ held: 3, missing: 0, altered: 0, comparedById: 1, notJournaled: 0 });
  expect(forged).toMatchObject({ held: 2, missing: 1, altered: 1 });
  expect(fromBefore).toMatchObject({ held: 3, missing: 0, altered: 0, comparedById: 0 });
});

test('a compiled view that is not the one its label names makes no evidence: its lines are not compared', async () => {
  const stream = await streamWith('analysts', pseudonyms);
  await delivered(stream);
  const label = viewLabel('analysts', pseudonyms);
  const other = Buffer.from(writeKeptView({ ...pseudonyms, members: [] }));
  await small.bucket.put(keptViewKey('cis', label), { body: other, metadata: {} });

  const evidence = await evidenceOf(stream);

  expect(evidence).toMatchObject({ held: 0, notCompared: 3, notJournaled: 0 });
  expect(evidence.unusableKeys).toEqual([
    `the kept view ${keptViewKey('cis', label)} is damaged, and with it the name of its key`,
  ]);
});

test('where the key may not be read, one line says so, lines are counted, and a lacking one is missing without a name', async () => {
  const stream = await streamWith('analysts', pseudonyms);
  const lines = await delivered(stream);
  putTwice('{"id":"p1","key":"c2hvcnQ="}');
  const whole = await evidenceOf(stream);
  await rewrite(lines.slice(1));
  const lacking = await evidenceOf(stream);

  expect(whole).toMatchObject({ held: 0, notCompared: 3, leftOut: 1, missing: 0, notJournaled: 0 });
  expect(whole.unusableKeys).toEqual([`the key ${key} is malformed`]);
  expect(lacking).toMatchObject({ notCompared: 2, missing: 1, unnamed: 1, missingEvents: [] });
});

test('an event is found by its raw id and by its keyed one, and its masked line with it', async () => {
  const stream = await streamWith('analysts', pseudonyms);
  const [, , line] = await delivered(stream);
  const keyedId = JSON.parse(line!)._relay.id as string;
  const rawId = eventId('cis', Buffer.from(events[3]!));
  const find = async (id: string) => {
    const keys = await openKeptViews(small.relay, stream).keys();
    const search = { wanted: { eventId: id }, range, keys, signal: new AbortController().signal };
    const found = await findEvents(small.bucket, stream, search);
    return Promise.all(found.events.map((event) => traceEvent(small.relay, stream, { event, keys })));
  };

  const byKeyed = await find(keyedId);

  expect(keyedId).not.toBe(rawId);
  expect(byKeyed).toEqual([expect.objectContaining({ eventId: rawId, keyedIds: [keyedId] })]);
  expect(byKeyed[0]!.destinations[0]!.objects).toEqual([expect.stringContaining('/delivered/cis/s3/')]);
  expect(await find(rawId)).toEqual(byKeyed);
  putTwice('{}');
  expect(await find(keyedId)).toEqual([]);
});

test('a line names the key that its id was made with, right after its view', async () => {
  const stream = await streamWith('analysts', pseudonyms);
  const lines = await delivered(stream);

  const label = viewLabel('analysts', pseudonyms);
  for (const line of lines) expect(line).toContain(`,"view":"${label}","key":"p1","replayed":true}}`);
});

test('after a rotation lines of both keys are made again, and an event is found by either id', async () => {
  const stream = await streamWith('analysts', pseudonyms);
  const before = await delivered(stream);
  small.aws.secrets.put(key, keyText('p2', 8));
  const after = await linesOfToday(stream);
  await rewrite([before[0]!, after[1]!, after[2]!]);

  const evidence = await evidenceOf(stream);
  await rewrite([before[0]!.replace(/"p1:[\w-]{4}/, '"p1:AAAA'), after[1]!, after[2]!]);
  const forged = await evidenceOf(stream);
  await rewrite([before[0]!.replace('"key":"p1"', '"key":"p2"'), after[1]!, after[2]!]);
  const renamed = await evidenceOf(stream);

  expect(after.map(idOf)).not.toEqual(before.map(idOf));
  expect(evidence).toMatchObject({ held: 3, missing: 0, altered: 0, notCompared: 0, otherKey: 0 });
  expect(evidence.unusableKeys).toBeUndefined();
  expect(forged).toMatchObject({ held: 2, altered: 1, missing: 1 });
  expect(renamed).toMatchObject({ held: 2, notJournaled: 1, missing: 1 });
  const keys = await openKeptViews(small.relay, stream).keys();
  const rawId = eventId('cis', Buffer.from(events[3]!));
  expect(keys.map(({ idOf: make }) => make!(rawId))).toEqual([idOf(after[2]!), idOf(before[2]!)]);
  for (const id of [idOf(before[2]!), idOf(after[2]!)]) {
    const search = { wanted: { eventId: id }, range, keys, signal: new AbortController().signal };
    const { events: found } = await findEvents(small.bucket, stream, search);
    expect(found.map(({ eventId: raw }) => raw)).toEqual([rawId]);
  }
});

test('after two rotations lines of the first key are counted as of another key, and nothing is missing', async () => {
  const stream = await streamWith('analysts', pseudonyms);
  const ofFirst = await delivered(stream);
  small.aws.secrets.put(key, keyText('p2', 8));
  small.aws.secrets.put(key, keyText('p3', 9));
  const after = await linesOfToday(stream);
  await rewrite([ofFirst[0]!, after[1]!, after[2]!]);

  const whole = await evidenceOf(stream);
  await rewrite([ofFirst[0]!, after[1]!]);
  const lacking = await evidenceOf(stream);
  await rewrite([ofFirst[0]!.replace(viewLabel('analysts', pseudonyms), 'analysts@00000000'), after[1]!]);
  const unkept = await evidenceOf(stream);

  expect(whole).toMatchObject({
    held: 2,
    leftOut: 1,
    otherKey: 1,
    missing: 0,
    notCompared: 0,
    notJournaled: 0,
  });
  expect(lacking).toMatchObject({ held: 1, otherKey: 1, missing: 1, unnamed: 1, missingEvents: [] });
  expect(unkept).toMatchObject({ held: 1, otherKey: 1, notJournaled: 0 });
});

test('a line of a version that did not name its key is compared with every key at hand', async () => {
  const stream = await streamWith('analysts', pseudonyms);
  const unnamed = (lines: readonly string[]) => lines.map((line) => line.replace(/,"key":"p\d"/, ''));
  const before = unnamed(await delivered(stream));
  small.aws.secrets.put(key, keyText('p2', 8));
  const after = unnamed(await linesOfToday(stream));
  await rewrite([before[0]!, after[1]!, after[2]!]);
  const first = await evidenceOf(stream);
  small.aws.secrets.put(key, keyText('p3', 9));
  const second = await evidenceOf(stream);

  expect(before.join()).not.toContain('"key"');
  expect(first).toMatchObject({ held: 3, missing: 0, altered: 0, otherKey: 0 });
  expect(second).toMatchObject({ held: 2, missing: 0, altered: 0, otherKey: 1, notJournaled: 0 });
});

test('a new key under the id of the one before is told apart by what it makes', async () => {
  const stream = await streamWith('analysts', pseudonyms);
  const before = await delivered(stream);
  small.aws.secrets.put(key, keyText('p1', 8));
  const after = await linesOfToday(stream);
  await rewrite([before[0]!, after[1]!, after[2]!]);

  expect(await evidenceOf(stream)).toMatchObject({ held: 3, missing: 0, altered: 0, notJournaled: 0 });
});

test('a malformed key has made no line: the one before it is read meanwhile, and is another key afterwards', async () => {
  const stream = await streamWith('analysts', pseudonyms);
  await delivered(stream);
  small.aws.secrets.put(key, '{}');
  const malformed = await evidenceOf(stream);
  small.aws.secrets.put(key, keyText('p2', 8));
  const right = await evidenceOf(stream);

  expect(malformed).toMatchObject({ held: 3, missing: 0, notCompared: 0 });
  expect(malformed.unusableKeys).toEqual([`the key ${key} is malformed`]);
  expect(right).toMatchObject({ held: 0, missing: 0, otherKey: 3 });
  expect(right.unusableKeys).toBeUndefined();
});

test('the commands tell lines of an older key, in words and in --json, and find an event by the id of the key before', async () => {
  const stream = await streamWith('analysts', pseudonyms);
  const ofFirst = await delivered(stream);
  small.aws.secrets.put(key, keyText('p2', 8));
  const ofSecond = await linesOfToday(stream);
  small.aws.secrets.put(key, keyText('p3', 9));
  await rewrite([ofFirst[0]!, ofSecond[1]!, ofSecond[2]!]);
  const folder = await localRunFolder(localWithView(stream));
  const relay = (...args: string[]) => runRelay([...args, '--local', '--out', folder.path]);
  const times = ['--from', '2026-03-01', '--to', '2026-03-01T10:00:00Z'];

  const words = await relay('verify', ...times);
  const json = await relay('verify', ...times, '--json');
  const found = await relay('find', '--event-id', idOf(ofSecond[2]!));
  const older = await relay('find', '--event-id', idOf(ofFirst[2]!));
  await folder.remove();

  expect(words.out).toContain('holds 2, lacks 0, 1 not compared, since they were made with a key that');
  expect(JSON.parse(json.out)).toMatchObject({
    complete: false,
    streams: [{ destinations: [{ otherKey: 1, notCompared: 0, missing: 0 }] }],
  });
  expect([words, json, found, older].map(({ code }) => code)).toEqual([1, 1, 0, 1]);
  expect(found.out).toContain(`${idOf(ofSecond[2]!)} where a view changes members`);
});

/** A local run whose destination `s3` has the stream's view. */
function localWithView({ destinations }: DeployedStream) {
  const { view } = destinations[0]!;
  const functions = small.local.functions.map(({ environment, ...rest }) => {
    const settings = JSON.parse(environment.SETTINGS!);
    const [s3, ...others] = settings.destinations;
    const SETTINGS = JSON.stringify({ ...settings, destinations: [{ ...s3, view }, ...others] });
    return { ...rest, environment: { ...environment, SETTINGS } };
  });
  return { ...small.local, functions, now: Date.UTC(2026, 2, 1, 12) };
}

/** The lines that the collector writes with the key of today, in the place of all that were delivered. */
async function linesOfToday(stream: DeployedStream): Promise<readonly string[]> {
  for (const folder of ['delivered/', 'replayed/'])
    for (const name of await small.keys(folder)) await small.bucket.remove(name);
  return delivered(stream);
}

function idOf(line: string): string {
  return JSON.parse(line)._relay.id;
}

test.each([
  ['alone', 'ocsf-1.5', compileView({}), 4],
  ['after a view', 'analysts', pseudonyms, 3],
] as const)(
  'lines of a shape %s are made again from the journal and the kept table, and a changed one is altered',
  async (_, name, view, held) => {
    const shape = compileShape('ocsf-1.5', 'cis', { rawData: true });
    const stream = await streamWith(name, { ...view, shape });
    const lines = await delivered(stream);
    expect(lines.every((line) => line.startsWith('{"class_uid":'))).toBe(true);
    expect(await evidenceOf(stream)).toMatchObject({ held, missing: 0, altered: 0, notJournaled: 0 });

    await rewrite(lines.map((line, index) => (index === 0 ? line.replace('"time":', '"time":1') : line)));
    expect(await evidenceOf(stream)).toMatchObject({ held: held - 1, missing: 1, altered: 1 });
  },
);
