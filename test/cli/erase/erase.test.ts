import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { DeployedStream } from '../../../cli/access/deployed-relay.ts';
import { stateOf } from '../../../cli/access/open-relay.ts';
import { type EraseOptions, erase } from '../../../cli/erase/erase.ts';
import { isErased } from '../../../cli/erase/erase-report.ts';
import { verifyStream } from '../../../cli/evidence/verify.ts';
import { replay } from '../../../cli/replay/replay.ts';
import { eventId } from '../../../functions/collector/answers/event-id.ts';
import { pseudonymOf } from '../../../functions/collector/views/pseudonym.ts';
import { type CompiledView, compileView, viewLabel } from '../../../functions/stored/compiled-view.ts';
import { deliveredLines } from '../../../functions/stored/delivered-object.ts';
import { erasedMarkKey } from '../../../functions/stored/erased-mark.ts';
import { keptViewKey, writeKeptView } from '../../../functions/stored/kept-view.ts';
import { drainedRun } from '../advise/run-record.ts';
import { localRunFolder, runRelay } from '../run-relay.ts';
import { collectedAt, type SmallRelay, startSmallRelay } from '../small-relay.ts';

const key = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:view-AbCdEf';
const person = 'person-8Xrdn';
const events = [
  `{"n":0,"user_id":"${person}","activity":"login"}`,
  '{"n":1,"user_id":"somebody-else"}',
  `{"n":2,"actor_id":"${person}"}`,
  '{"n":3,"user_id":"somebody-else"}',
];
const run = { run: 'run-1', startedAt: collectedAt - 1_000 };
const journalKeys = [1, 2, 3].map((n) => `journal/cis/2026-03-01/run-1/00000${n}.json`);

let small: SmallRelay;
beforeEach(async () => {
  small = await startSmallRelay();
  small.aws.secrets.put(key, keyText('p1', 7));
});
afterEach(() => small.close());

const keyText = (id: string, byte: number) =>
  JSON.stringify({ id, key: Buffer.alloc(32, byte).toString('base64') });

/** Puts a value in the place of today's key, and of the one before, which Secrets Manager keeps beside it. */
function putTwice(text: string): void {
  small.aws.secrets.put(key, text);
  small.aws.secrets.put(key, text);
}

/** Journals two batches with the person and one without, which the run has delivered. */
async function collected({ isRecorded = true } = {}): Promise<void> {
  await small.collect([events.slice(0, 2), events.slice(2, 4), ['{"n":4,"user_id":"somebody-else"}']]);
  if (isRecorded)
    await stateOf(small.relay, small.stream).records.writeRecord(
      drainedRun(1, run.startedAt, { complete: true, lastNumber: 3 }),
    );
}

async function deliver(stream = small.stream): Promise<void> {
  const options = { relay: small.relay, stream, rate: Number.POSITIVE_INFINITY };
  await replay({ ...options, sources: ['journal'] });
  await small.settle();
}

function erasing(options: Partial<EraseOptions> = {}) {
  return erase({
    ...{ relay: small.relay, members: ['user_id', 'actor_id'], value: person, range: undefined },
    ...{ until: 'erase', signal: new AbortController().signal },
    ...options,
  });
}

const statesOf = (report: Awaited<ReturnType<typeof erasing>>) =>
  Object.fromEntries(
    report.found.map(({ address, state }) => [address.slice(address.indexOf('/', 5) + 1), state]),
  );

async function textOfBucket(): Promise<string> {
  const texts: string[] = [];
  for (const name of await small.keys('')) {
    const { body } = await small.bucket.get(name);
    const plain = name.startsWith('delivered/')
      ? [...deliveredLines(body)].join('\n')
      : Buffer.from(body).toString();
    texts.push(
      plain,
      ...[...plain.matchAll(/"rawData":"([^"]*)"/g)].map(([, raw]) => Buffer.from(raw!, 'base64').toString()),
    );
  }
  return texts.join('\n');
}

/** The stream, whose destination `s3` sees events through a view. */
async function streamWith(view: CompiledView): Promise<DeployedStream> {
  const label = viewLabel('analysts', view);
  await small.bucket.put(keptViewKey('cis', label), { body: Buffer.from(writeKeptView(view)), metadata: {} });
  const stream = small.relay.streams[0]!;
  const destinations = stream.destinations.map((each) =>
    each.name === 's3' ? { ...each, view: label } : each,
  );
  return { ...stream, destinations };
}

test('journal batches with the person go whole, delivered lines alone, and everything else stays byte for byte', async () => {
  await collected();
  await deliver();
  const before = await small.linesAt('s3');

  const report = await erasing();

  expect(await small.keys('journal/cis/2026')).toEqual([journalKeys[2]]);
  expect(await small.linesAt('s3')).toEqual(before.filter((line) => !line.includes(person)));
  expect(await textOfBucket()).not.toContain(person);
  expect(report.found.map(({ kind, matched, others, state }) => [kind, matched, others, state])).toEqual([
    ['journal', 1, 1, 'deleted'],
    ['journal', 1, 1, 'deleted'],
    ['delivered', 2, 3, 'rewritten'],
  ]);
  expect(JSON.stringify(report)).not.toContain(person);
});

test('what is erased has a mark for sweeps, and verify does not miss its lines', async () => {
  await collected();
  await deliver();
  await erasing();

  const range = { from: collectedAt - 1_000, to: collectedAt + 1_000 };
  const { destinations, journal } = await verifyStream(small.relay, small.stream, { range });
  const dayBefore = { from: range.from - 2 * 86_400_000, to: range.from - 86_400_000 };
  const before = await verifyStream(small.relay, small.stream, { range: dayBefore });

  expect(await small.journal.erased(run)).toEqual([1, 2]);
  expect(destinations).toEqual([expect.objectContaining({ missing: 0, held: 1 })]);
  expect(journal).toMatchObject({ batches: 1, erasedBatches: 2 });
  expect(before.journal).not.toHaveProperty('erasedBatches');
});

test.each(['list', 'find'] as const)('until "%s" nothing is changed', async (until) => {
  await collected();
  await deliver();
  const before = await small.keys('');

  const report = await erasing({ until });

  expect(await small.keys('')).toEqual(before);
  expect(report).toMatchObject({ objects: 4, found: { length: until === 'list' ? 0 : 3 } });
});

test('a batch that is still owed, or of which nothing is recorded, stays, with what to do', async () => {
  await collected({ isRecorded: false });
  const unrecorded = await erasing();
  await stateOf(small.relay, small.stream).openRuns.open({
    ...run,
    sealAfter: 0,
    done: { s3: 3, siem: 1 },
    tries: {},
  });
  const open = await erasing();

  expect(unrecorded.found.map(({ reason }) => reason)).toEqual([
    expect.stringContaining('relay replay --stream cis --source journal'),
    expect.stringContaining('relay replay --stream cis --source journal'),
  ]);
  expect(statesOf(open)).toEqual({ [journalKeys[0]!]: 'deleted', [journalKeys[1]!]: 'owed' });
  expect(open.found[1]!.reason).toMatch(/^siem has not got it: the sweep delivers it/);
});

test('quarantine and backups stay until they are replayed, and go from replayed/ then', async () => {
  small.receiver.faults.down = true;
  await collected();
  const entry = { ...run, number: 9, collectedAt, stream: 'relay-cis', encoding: 'identity' } as const;
  const bytes = Buffer.from(`[${events[0]}]`);
  await small.quarantine.quarantine({
    ...entry,
    bytes,
    reason: 'delivery-crashed-five-times',
    destination: 'siem',
  });
  const broken = Buffer.from(`{"error":"${person}"}`);
  await small.quarantine.quarantine({ ...entry, number: 8, bytes: broken, reason: 'not-an-array' });
  await deliver();

  const before = await erasing();
  small.receiver.faults.down = false;
  await replay({
    relay: small.relay,
    stream: small.stream,
    sources: ['quarantine', 'firehose-errors'],
    rate: Number.POSITIVE_INFINITY,
  });
  await small.settle();
  const after = await erasing();

  const reasons = before.found.flatMap(({ reason }) => reason ?? []);
  expect(reasons).toEqual([
    expect.stringContaining('--source quarantine'),
    expect.stringContaining('--source firehose-errors'),
  ]);
  expect(statesOf(before)).toMatchObject({ 'quarantine/cis/2026-03-01/run-1/000008.json': 'deleted' });
  expect(after.found.map(({ kind, state }) => [kind, state])).toEqual([
    ['replayed', 'deleted'],
    ['replayed', 'deleted'],
  ]);
  expect(await textOfBucket()).not.toContain(person);
});

test('a damaged entry is found by an escaped spelling, and is unread where its text is not UTF-8', async () => {
  const entry = { ...run, collectedAt, stream: 'relay-cis', encoding: 'identity' } as const;
  const put = (number: number, bytes: Buffer) =>
    small.quarantine.quarantine({ ...entry, number, bytes, reason: 'invalid-json' });
  await put(5, Buffer.from('[{"user_id":"\\u0070erson-8Xrdn","a":1'));
  await put(6, Buffer.from(`[{"user_id":"${person}"}]`, 'utf16le'));
  await put(7, Buffer.from('[{"user_id":"somebody-\\u0065lse","a":'));
  await put(8, Buffer.from('[{"user_id":"Jos\u00e9').subarray(0, -1));

  const report = await erasing();

  expect(report.found).toEqual([expect.objectContaining({ state: 'deleted', isCounted: false })]);
  expect(report.unread).toEqual([{ address: expect.stringContaining('000006'), reason: expect.any(String) }]);
  expect(await small.keys('quarantine/')).toHaveLength(3);
});

test('lines behind a view go by the pseudonym, and those that mask the value by the id of the event', async () => {
  const view = compileView({ members: { user_id: 'pseudonym', actor_id: 'mask' }, key });
  const stream = await streamWith(view);
  await collected();
  await deliver(stream);
  const before = await small.linesAt('s3');

  const report = await erasing({ relay: { ...small.relay, streams: [stream] } });

  const left = (await small.linesAt('s3')).map((line) => JSON.parse(line).n);
  expect(before).toHaveLength(5);
  expect(before.join()).not.toContain(person);
  expect(left).toEqual([1, 3, 4]);
  expect(report.found.at(-1)).toMatchObject({ kind: 'delivered', matched: 2, others: 3 });
});

test('a pseudonym is found though the journal has expired, and not without the key, which one line says', async () => {
  const stream = await streamWith(compileView({ members: { user_id: 'pseudonym' }, key }));
  await collected();
  await deliver(stream);
  for (const name of await small.keys('journal/')) await small.bucket.remove(name);
  const relay = { ...small.relay, streams: [stream] };

  putTwice('{}');
  const without = await erasing({ relay, members: ['user_id'] });
  small.aws.secrets.put(key, keyText('p1', 7));
  const withKey = await erasing({ relay, members: ['user_id'] });

  expect(without.found).toEqual([]);
  expect(without.unsearched).toEqual([expect.stringContaining(`the key ${key} is malformed`)]);
  expect([without, withKey].map(isErased)).toEqual([false, true]);
  expect(withKey.found).toEqual([expect.objectContaining({ matched: 1, state: 'rewritten' })]);
});

test('a batch stays while lines behind a view could not be looked for: no key, another key, a damaged object', async () => {
  const stream = await streamWith(compileView({ members: { user_id: 'mask', actor_id: 'pseudonym' }, key }));
  await collected();
  await deliver(stream);
  const now = () => small.relay.now() + 30 * 3_600_000;
  const relay = { ...small.relay, streams: [stream], now };
  const [name] = await small.keys('delivered/');
  const { body } = await small.bucket.get(name!);

  putTwice('{}');
  const malformed = await erasing({ relay });
  small.aws.secrets.put(key, keyText('p2', 8));
  const rotated = await erasing({ relay });
  small.aws.secrets.put(key, keyText('p1', 7));
  await small.bucket.put(name!, { body: gzipSync(body).subarray(0, -5), metadata: {} });
  const damaged = await erasing({ relay });
  await small.bucket.put(name!, { body, metadata: {} });
  const left = await small.keys('journal/cis/2026');
  const whole = await erasing({ relay });

  const reasonsOf = ({ found }: typeof whole) => found.map(({ kind, reason }) => `${kind}: ${reason}`);
  const twice = (text: string) => [1, 2].map(() => expect.stringContaining(text));
  expect(reasonsOf(malformed)).toEqual(twice('is malformed'));
  expect(reasonsOf(rotated)).toEqual(twice('pseudonyms of another key'));
  expect(reasonsOf(damaged)).toEqual(twice('could not be read'));
  expect(left).toHaveLength(3);
  expect(whole.found.map(({ state }) => state)).toEqual(['deleted', 'deleted', 'rewritten']);
  expect((await small.linesAt('s3')).map((line) => JSON.parse(line).n)).toEqual([1, 3, 4]);
});

test('after a rotation lines of either key go, by pseudonym and by id; after two, those of the first stay owed', async () => {
  const stream = await streamWith(compileView({ members: { user_id: 'pseudonym', actor_id: 'mask' }, key }));
  await collected();
  await deliver(stream);
  const [name] = await small.keys('delivered/');
  const before = await small.bucket.get(name!);
  for (const marks of await small.keys('replayed/')) await small.bucket.remove(marks);
  small.aws.secrets.put(key, keyText('p2', 8));
  await deliver(stream);
  const keysOfLines = async () => (await small.linesAt('s3')).map((line) => JSON.parse(line)._relay.key);
  const ofBoth = await keysOfLines();
  const now = () => small.relay.now() + 30 * 3_600_000;
  const relay = { ...small.relay, streams: [stream], now };

  small.aws.secrets.put(key, keyText('p3', 9));
  const twice = await erasing({ relay, until: 'find' });
  small.aws.secrets.put(key, keyText('p1', 7));
  small.aws.secrets.put(key, keyText('p2', 8));
  const once = await erasing({ relay });

  expect(before).toBeDefined();
  expect(ofBoth.toSorted()).toEqual([...Array(5).fill('p1'), ...Array(5).fill('p2')]);
  expect(
    twice.found.filter(({ kind }) => kind === 'journal').map(({ state, reason }) => [state, reason]),
  ).toEqual([1, 2].map(() => ['owed', expect.stringContaining('ids and pseudonyms of another key')]));
  expect(twice.unsearched).toEqual([expect.stringContaining('a key that its secret no longer holds')]);
  expect(isErased(once)).toBe(true);
  expect((await small.linesAt('s3')).map((line) => JSON.parse(line).n).toSorted()).toEqual([
    1, 1, 3, 3, 4, 4,
  ]);
});

test('a line that only masks the value says by its key that it could not be searched', async () => {
  const stream = await streamWith(compileView({ members: { user_id: 'mask', actor_id: 'mask' }, key }));
  await collected();
  await deliver(stream);
  const now = () => small.relay.now() + 30 * 3_600_000;
  const relay = { ...small.relay, streams: [stream], now };
  small.aws.secrets.put(key, keyText('p2', 8));
  small.aws.secrets.put(key, keyText('p3', 9));

  const report = await erasing({ relay });
  for (const name of await small.keys('journal/')) await small.bucket.remove(name);
  const withoutBatches = await erasing({ relay });

  expect(report.found.map(({ state, reason }) => [state, reason])).toEqual(
    [1, 2].map(() => ['owed', expect.stringContaining('ids and pseudonyms of another key')]),
  );
  expect(withoutBatches.found).toEqual([]);
  for (const each of [report, withoutBatches]) expect(isErased(each)).toBe(false);
});

test('a kept view that is damaged is told, and batches stay while its key is not known', async () => {
  const view = compileView({ members: { user_id: 'mask', actor_id: 'mask' }, key });
  const stream = await streamWith(view);
  await collected();
  await deliver(stream);
  const kept = keptViewKey('cis', viewLabel('analysts', view));
  const now = () => small.relay.now() + 30 * 3_600_000;
  const relay = { ...small.relay, streams: [stream], now };

  for (const text of ['{"version":1,', writeKeptView({ ...view, members: [] })]) {
    await small.bucket.put(kept, { body: Buffer.from(text), metadata: {} });
    const report = await erasing({ relay });
    expect(report.unsearched).toEqual([expect.stringContaining(`the kept view ${kept} is damaged`)]);
    expect(report.found.map(({ state }) => state)).toEqual(['owed', 'owed']);
    expect(isErased(report)).toBe(false);
  }
});

test("'*' finds a value that is a member's name", async () => {
  await small.collect([[`{"n":0,"additionalParams":{"${person}":{"role":"x"}}}`, '{"n":1}']]);
  await stateOf(small.relay, small.stream).records.writeRecord(
    drainedRun(1, run.startedAt, { complete: true }),
  );

  const named = await erasing({ members: ['additionalParams.*'], until: 'find' });
  const anywhere = await erasing({ members: ['*'], until: 'find' });

  expect(named.found).toEqual([]);
  expect(anywhere.found).toEqual([expect.objectContaining({ kind: 'journal', matched: 1, others: 1 })]);
});

test('a line that masks the value is found by the id in a line with its pseudonym that is read later', async () => {
  const masking = compileView({ members: { user_id: 'mask' }, key });
  const stream = await streamWith(masking);
  await collected();
  await deliver(stream);
  const [masked] = await small.linesAt('s3');
  for (const name of await small.keys('')) if (!name.startsWith('views/')) await small.bucket.remove(name);
  const pseudonym = pseudonymOf({ id: 'p1', secret: Buffer.alloc(32, 7) }, person);
  const prefix = 'delivered/cis/s3/type=cis/';
  const seen = masked!.replace('***', pseudonym);
  await small.bucket.put(`${prefix}a`, { body: Buffer.from(`${masked}\n`), metadata: {} });
  await small.bucket.put(`${prefix}b`, { body: Buffer.from(`${seen}\n`), metadata: {} });

  await erasing({ relay: { ...small.relay, streams: [stream] } });

  expect(masked).toContain('***');
  expect(seen).toContain(pseudonym);
  expect(await small.keys(prefix)).toEqual([]);
});

test('only events of the range are erased, and an object of the person alone is deleted', async () => {
  await collected();
  const lineAt = (event: string, at: number) =>
    `${event.slice(0, -1)},"_relay":{"id":"${eventId('cis', Buffer.from(event))}","collected_at":"${new Date(at).toISOString()}"}}\n`;
  const [old, young] = [lineAt(events[0]!, collectedAt - 86_400_000), lineAt(events[0]!, collectedAt)];
  const prefix = 'delivered/cis/s3/type=cis/';
  await small.bucket.put(`${prefix}a.gz`, { body: gzipSync(old + young), metadata: { mine: 'yes' } });
  await small.bucket.put(`${prefix}b.gz`, { body: gzipSync(young), metadata: {} });

  await erasing({ range: { from: collectedAt - 1_000, to: collectedAt + 1_000 } });

  expect(await small.keys(prefix)).toEqual([`${prefix}a.gz`]);
  const { body, metadata } = await small.bucket.get(`${prefix}a.gz`);
  expect([...deliveredLines(body)].join('')).toBe(old.trimEnd());
  expect(metadata).toEqual({ mine: 'yes' });
});

test('the mark is there before the batch goes, so that an interruption loses nothing', async () => {
  await collected();
  small.aws.calls.length = 0;

  await erasing();

  const writes = small.aws.calls.flatMap(({ call: { method, path } }) =>
    method === 'PUT' || method === 'DELETE' ? [`${method} ${path.slice(path.indexOf('journal/'))}`] : [],
  );
  const markOf = (number: number) =>
    erasedMarkKey({ streamName: 'cis', day: '2026-03-01', run: 'run-1', number });
  expect(writes.map((each) => each.split('?')[0])).toEqual([
    `PUT ${markOf(2)}`,
    `DELETE ${journalKeys[1]}`,
    `PUT ${markOf(1)}`,
    `DELETE ${journalKeys[0]}`,
  ]);
});

test('the command lists with --list, erases with --yes, and never prints the value', async () => {
  await collected();
  await deliver();
  const folder = await localRunFolder({ ...small.local, now: Date.UTC(2026, 2, 1, 12) });
  const relayErase = (...args: readonly string[]) =>
    runRelay([
      'erase',
      '--local',
      '--out',
      folder.path,
      '--member',
      'user_id',
      '--member',
      'actor_id',
      ...args,
    ]);

  const dry = await relayErase('--value', person, '--dry-run');
  const listed = await relayErase('--value', person, '--list');
  const before = await small.keys('journal/cis/2026');
  const stray = await relayErase('--value', 'first', person);
  const erased = await relayErase('--value', person, '--yes', '--json');
  const again = await relayErase('--value', person, '--list');
  await folder.remove();

  expect(dry).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^4 objects of .* to read: less than \$0\.01 of requests/),
  });
  expect(listed.code).toBe(0);
  expect(listed.out).toContain('2 other events go with them');
  expect(listed.out).toContain('not reached from here, erase there by its own means: siem of cis');
  expect(before).toHaveLength(3);
  expect(stray.code).toBe(2);
  expect(erased.code).toBe(0);
  expect(JSON.parse(erased.out).found.map(({ state }: { state: string }) => state)).toEqual([
    'deleted',
    'deleted',
    'rewritten',
  ]);
  expect(again.out).toContain('0 objects with 0 events or lines found');
  for (const { out, problems } of [dry, listed, stray, erased, again])
    expect(out + problems).not.toContain(person);
});

test('without --yes it says what it would erase and asks, and where nobody can be asked it refuses', async () => {
  await collected();
  await deliver();
  const folder = await localRunFolder({ ...small.local, now: Date.UTC(2026, 2, 1, 12) });
  const relayErase = (ask?: (question: string) => Promise<string>) =>
    runRelay(
      ['erase', '--local', '--out', folder.path, '--member', 'user_id', '--value', person],
      ask && { ask },
    );
  const before = await small.keys('');

  const unasked = await relayErase();
  const refused = await relayErase(async () => 'n');
  const after = await small.keys('');
  const agreed = await relayErase(async () => 'y');
  await folder.remove();

  expect(unasked).toEqual({
    code: 2,
    out: '',
    problems: expect.stringMatching(/^relay erase: This erases every object .* say --yes to go on$/),
  });
  expect(refused).toMatchObject({ code: 1, out: '' });
  expect(refused.problems).toMatch(
    /^holds .*\n(.*\n)*This erases .* cannot be undone\.\nrelay erase: nothing was erased$/m,
  );
  expect(after).toEqual(before);
  expect(agreed.code).toBe(0);
  expect(agreed.out).toContain('deleted');
});

test('the value comes from a file or from stdin, so that it stands on no command line', async () => {
  await collected();
  const folder = await localRunFolder({ ...small.local, now: Date.UTC(2026, 2, 1, 12) });
  const file = join(folder.path, 'person.txt');
  await writeFile(file, `${person}\n`);
  const relayErase = (args: readonly string[], line?: string) =>
    runRelay(['erase', '--list', '--local', '--out', folder.path, '--member', 'user_id', ...args], {
      firstLine: async () => line,
    });

  const fromFile = await relayErase(['--value-file', file]);
  const fromInput = await relayErase(['--value', '-'], person);
  const empty = await relayErase(['--value', '-']);
  const none = await relayErase([]);
  const both = await relayErase(['--value', '-', '--value-file', file], person);
  await folder.remove();

  for (const { out } of [fromFile, fromInput]) expect(out).toContain('1 object with 1 event or line found');
  expect([empty, none, both].map(({ code }) => code)).toEqual([2, 2, 2]);
  expect(none.problems).toContain('--value-file FILE or --value TEXT is needed');
});
