import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { stateOf } from '../../../cli/access/open-relay.ts';
import { findEvents } from '../../../cli/evidence/find-events.ts';
import { traceEvent } from '../../../cli/evidence/trace-event.ts';
import { verifyStream } from '../../../cli/evidence/verify.ts';
import { replay } from '../../../cli/replay/replay.ts';
import { drainedRun } from '../advise/run-record.ts';
import { collectedAt, events, type SmallRelay, startSmallRelay } from '../small-relay.ts';

let small: SmallRelay;
beforeEach(async () => {
  small = await startSmallRelay();
});
afterEach(() => small.close());

const midnight = Date.UTC(2026, 2, 1);
const aroundIt = { from: collectedAt - 1_000, to: collectedAt + 1_000 };
const lastHour = { from: midnight - 3_600_000, to: midnight };

/** Brings the journal of a range to the destinations, as a run would have. */
async function deliver(range?: typeof lastHour) {
  const { relay, stream } = small;
  const report = await replay({
    ...{ relay, stream, range, sources: ['journal'], rate: Number.POSITIVE_INFINITY },
  });
  await small.settle();
  return report;
}

test('events that a witness added to the hour before midnight count for that hour, though they lie under the next day', async () => {
  const collectedAt = midnight - 600_000;
  await small.collect([events(0, 2)], { run: 'run-1', startedAt: collectedAt, collectedAt });
  const recovered = { run: 'recovered-2026022823-abc', startedAt: midnight, collectedAt, recovered: true };
  await small.collect([events(2, 5)], recovered);
  const verified = () => verifyStream(small.relay, small.stream, { range: lastHour });

  const before = await verified();
  const report = await deliver(lastHour);
  const after = await verified();

  expect(before.destinations).toEqual([expect.objectContaining({ held: 0, missing: 5 })]);
  expect(report.sent).toEqual({ s3: { journal: 5 }, siem: { journal: 5 } });
  expect(after.destinations).toEqual([expect.objectContaining({ held: 5, missing: 0, notJournaled: 0 })]);
});

test('to verify an hour, only the objects written around that hour are read of a day’s journal', async () => {
  for (let hour = 1; hour <= 9; hour++) {
    const collectedAt = midnight + hour * 3_600_000;
    await small.collect([events(hour, hour + 1)], {
      ...{ run: `run-${hour}`, startedAt: collectedAt, collectedAt },
    });
    const recovered = `recovered-202603010${hour}-abc`;
    await small.collect([events(10 + hour, 11 + hour)], { run: recovered, startedAt: midnight, collectedAt });
  }
  small.aws.calls.length = 0;

  const range = { from: midnight + 3 * 3_600_000, to: midnight + 4 * 3_600_000 };
  const { journal } = await verifyStream(small.relay, small.stream, { range });

  const read = small.aws.calls.flatMap(({ call }) =>
    call.method === 'GET' ? (/journal\/cis\/[^/]+\/([^/]+)\/\d+/.exec(call.path)?.[1] ?? []) : [],
  );
  expect(journal).toMatchObject({ batches: 2, events: 2 });
  expect(read.sort()).toEqual(['recovered-2026030103-abc', 'run-3', 'run-4']);
});

test.each([
  [['siem'], { notOwed: 3, missing: 0, gone: 0 }],
  [['siem', 's3'], { notOwed: 0, missing: 3, gone: 3 }],
  // As records of an earlier version: what they owed is not known.
  [undefined, { notOwed: 0, missing: 3, gone: 3 }],
])('what was collected by a run that owed to %j lacks at s3 accordingly', async (destinations, lacking) => {
  await small.collect([events(0, 3)]);
  const record = drainedRun(1, collectedAt - 1_000, destinations === undefined ? {} : { destinations });
  await stateOf(small.relay, small.stream).records.writeRecord(record);

  const { destinations: evidence } = await verifyStream(small.relay, small.stream, { range: aroundIt });

  expect(evidence).toEqual([expect.objectContaining({ name: 's3', held: 0, ...lacking })]);
});

test('an open run owes nothing to a destination that was added while it was open', async () => {
  await small.collect([events(0, 3)]);
  const run = { run: 'run-1', startedAt: collectedAt - 1_000 };
  await stateOf(small.relay, small.stream).openRuns.open({
    ...run,
    sealAfter: 0,
    done: { siem: 0 },
    tries: {},
  });

  const { destinations } = await verifyStream(small.relay, small.stream, { range: aroundIt });

  expect(destinations).toEqual([expect.objectContaining({ notOwed: 3, missing: 0 })]);
});

test('an event that came again, in a run that owes it, is missing though the first run did not', async () => {
  const state = stateOf(small.relay, small.stream);
  const startedAt = collectedAt - 1_000;
  await small.collect([events(0, 3)], { run: 'run-1', startedAt });
  await small.collect([events(0, 1)], { run: 'run-2', startedAt });
  await state.records.writeRecord(drainedRun(1, startedAt, { destinations: ['siem'] }));
  await state.records.writeRecord(drainedRun(2, startedAt, { destinations: ['siem', 's3'] }));

  const { destinations } = await verifyStream(small.relay, small.stream, { range: aroundIt });

  expect(destinations).toEqual([expect.objectContaining({ notOwed: 2, missing: 1 })]);
});

test('the whole events of an answer that was cut off are of the journal: in quarantine, and held once replayed', async () => {
  const { relay, stream } = small;
  const bytes = Buffer.from('[{"n":1},{"n":2},{"n');
  const facts = { run: 'run-1', startedAt: collectedAt - 1_000, number: 1, collectedAt, stream: 'relay-cis' };
  await small.collect([[]], { cutOff: true, answer: { received: bytes, encoding: 'identity' } });
  await small.quarantine.quarantine({ ...facts, bytes, encoding: 'identity', reason: 'cut-off' });
  const verified = () => verifyStream(relay, stream, { range: aroundIt });

  const before = await verified();
  await replay({ relay, stream, sources: ['quarantine'], rate: Number.POSITIVE_INFINITY });
  await small.settle();
  const after = await verified();

  expect(before.destinations).toEqual([expect.objectContaining({ held: 0, missing: 2, quarantined: 2 })]);
  expect(after.destinations).toEqual([expect.objectContaining({ held: 2, missing: 0, notJournaled: 0 })]);
  expect(after.journal).toMatchObject({ batches: 1, events: 2, damagedBatches: 1 });
});

test('an object that was written during an upgrade, plain lines and gzip members in a row, is read whole', async () => {
  await small.collect([events(0, 4)]);
  await deliver();
  const [key] = await small.keys('delivered/');
  const lines = await small.linesAt('s3');
  const records = lines.map((line, index) =>
    index % 2 === 0 ? Buffer.from(`${line}\n`) : gzipSync(`${line}\n`),
  );
  await small.bucket.put(key!, { body: Buffer.concat(records), metadata: {} });

  const { destinations } = await verifyStream(small.relay, small.stream, { range: aroundIt });

  expect(lines).toHaveLength(4);
  expect(destinations).toEqual([expect.objectContaining({ held: 4, missing: 0, altered: 0 })]);
});

test('objects below the stream’s journal that are no batches are passed over', async () => {
  await small.collect([events(0, 2)]);
  for (const key of ['journal/cis/probe', 'journal/cis/2026-03-01/run-1/notes.txt'])
    await small.bucket.put(key, { body: Buffer.from('probe'), metadata: {} });

  const report = await deliver();
  const { journal, destinations } = await verifyStream(small.relay, small.stream, { range: aroundIt });

  expect(report).toMatchObject({ events: 4, objects: 1, failed: [] });
  expect(journal).toMatchObject({ batches: 1, events: 2, damagedBatches: 0 });
  expect(destinations).toEqual([expect.objectContaining({ held: 2, missing: 0 })]);
  expect(await small.journal.numbers({ run: 'run-1', startedAt: collectedAt - 1_000 })).toEqual([1]);
});

test('a damaged object is one line with its address for verify and for find, and its events are not called missing', async () => {
  await small.collect([events(0, 4)]);
  await deliver();
  const [key] = await small.keys('delivered/');
  await small.bucket.put(key!, { body: gzipSync('{"n":0}\n').subarray(0, -3), metadata: {} });
  const { events: found } = await findEvents(small.bucket, small.stream, {
    ...{ wanted: { contains: '"n":0' }, range: undefined, signal: new AbortController().signal },
  });

  const { destinations, notReadable } = await verifyStream(small.relay, small.stream, { range: aroundIt });
  const tracing = traceEvent(small.relay, small.stream, { event: found[0]! });

  const reason = expect.stringMatching(
    /^s3:\/\/.*\/delivered\/[^\n]* is damaged\. [^\n]*: it was cut off\.[^\n]*$/,
  );
  expect(destinations).toEqual([]);
  expect(notReadable).toContainEqual({ name: 's3', reason });
  await expect(tracing).rejects.toMatchObject({ name: 'CommandError', message: reason });
});
