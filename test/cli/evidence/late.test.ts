import { afterEach, beforeEach, expect, test } from 'vitest';
import type { DeployedStream } from '../../../cli/access/deployed-relay.ts';
import { stateOf } from '../../../cli/access/open-relay.ts';
import { findEvents } from '../../../cli/evidence/find-events.ts';
import { describeTrace } from '../../../cli/evidence/show-found.ts';
import { traceEvent } from '../../../cli/evidence/trace-event.ts';
import { verifyStream } from '../../../cli/evidence/verify.ts';
import type { ReceiverAges } from '../../../functions/collector/delivery/late-events.ts';
import type { RunRecord } from '../../../functions/stored/run-item.ts';
import { drainedRun } from '../advise/run-record.ts';
import { collectedAt, type SmallRelay, startSmallRelay } from '../small-relay.ts';

let small: SmallRelay;
beforeEach(async () => {
  small = await startSmallRelay();
});
afterEach(() => small.close());

const minuteMs = 60_000;
const startedAt = collectedAt - 1_000;
/** Two hours; the account's clock is an hour past the collecting. */
const held: ReceiverAges = { past: 7_200, otherwise: 'refuses-request', underWay: 0, hold: true };

const raised = (name: string, minutesBefore: number) =>
  `{"timestamp":"${new Date(collectedAt - minutesBefore * minuteMs).toISOString()}","n":"${name}"}`;
const old = raised('old', 180);
const becomesOld = raised('becomes old', 90);
const young = raised('young', 1);

/** The stream with a receiver that has a limit behind `siem`. */
function withLimit(ages: ReceiverAges): DeployedStream {
  const destinations = small.stream.destinations.map((each) =>
    each.name === 'siem' ? { ...each, ages } : each,
  );
  return { ...small.stream, destinations };
}

async function collected(facts: Partial<RunRecord> | undefined): Promise<void> {
  await small.collect([[young, becomesOld], [old]], { run: 'run-1', startedAt });
  if (facts !== undefined)
    await stateOf(small.relay, small.stream).records.writeRecord(drainedRun(1, startedAt, facts));
}

async function lateByVerify(stream: DeployedStream) {
  const range = { from: collectedAt - 1_000, to: collectedAt + 1_000 };
  return (await verifyStream(small.relay, stream, { range })).late;
}

async function tracesOf(stream: DeployedStream) {
  const { events } = await findEvents(small.bucket, stream, {
    ...{ wanted: { contains: '"n":' }, range: undefined, signal: new AbortController().signal },
  });
  return Promise.all(events.map((event) => traceEvent(small.relay, stream, event)));
}

/** The state at `siem` of the events in the journal's order: young, becomes old, old. */
async function statesByFind(stream: DeployedStream) {
  const traces = await tracesOf(stream);
  return traces.map(({ destinations }) => destinations.find(({ name }) => name === 'siem')?.state);
}

test.each<readonly [string, Partial<RunRecord>, readonly string[], number]>([
  ['told of two', { late: { siem: 2 } }, ['accepted', 'late', 'late'], 2],
  [
    'told of one, which is the one that was late on collecting',
    { late: { siem: 1 } },
    ['accepted', 'accepted', 'late'],
    1,
  ],
  ['told of none, as before the receiver had this limit', {}, ['accepted', 'accepted', 'accepted'], 0],
  ['was killed before it could tell', { outcome: 'swept' }, ['accepted', 'accepted', 'late'], 1],
])('find and verify name the late events of a run that %s', async (_, facts, states, count) => {
  await collected(facts);
  const stream = withLimit(held);

  expect(await statesByFind(stream)).toEqual(states);
  expect(await lateByVerify(stream)).toEqual([
    expect.objectContaining({ name: 'siem', kind: 'http', late: count, treatment: 'held-back' }),
  ]);
});

test('a batch that waits for the sweep has no late events yet', async () => {
  await collected(undefined);
  const open = { run: 'run-1', startedAt, sealAfter: 0, done: { s3: 2, siem: 1 }, tries: {} };
  await stateOf(small.relay, small.stream).openRuns.open(open);
  const stream = withLimit(held);

  expect(await statesByFind(stream)).toEqual(['accepted', 'accepted', 'waiting']);
  expect(await lateByVerify(stream)).toEqual([expect.objectContaining({ late: 0, lateEvents: [] })]);
});

test.each([
  ['refuses-request', 'late', 'refused', 'its receiver refuses'],
  ['drops', 'late', 'dropped', 'its receiver drops'],
  ['re-dates', 'accepted', 're-dated', 'accepted by its delivery stream'],
] as const)(
  'a late event that was sent to a receiver that %s is %s',
  async (otherwise, state, late, text) => {
    await collected({ late: { siem: 1 } });
    const traces = await tracesOf(withLimit({ ...held, otherwise, hold: false }));
    const [trace] = traces.filter(({ journal }) => journal.number === 2);

    expect(trace?.destinations).toContainEqual(expect.objectContaining({ name: 'siem', state, late }));
    expect(describeTrace(trace!)).toContain(text);
  },
);

test('verify names each late event with its object, and counts it at no other destination', async () => {
  await collected({ late: { siem: 1 } });
  const [late] = (await lateByVerify(withLimit(held))) ?? [];
  const [trace] = (await tracesOf(withLimit(held))).filter(({ journal }) => journal.number === 2);

  expect(late?.lateEvents).toEqual([{ eventId: trace?.eventId, key: trace?.journal.key, index: 0 }]);
  expect(await lateByVerify(small.stream)).toBeUndefined();
});
