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

async function collected(
  facts: Partial<RunRecord> | undefined,
  batches = [[young, becomesOld], [old]],
): Promise<void> {
  await small.collect(batches, { run: 'run-1', startedAt });
  if (facts !== undefined)
    await stateOf(small.relay, small.stream).records.writeRecord(drainedRun(1, startedAt, facts));
}

async function lateByVerify(stream: DeployedStream, from = collectedAt - 1_000) {
  const range = { from, to: from + 2_000 };
  return (await verifyStream(small.relay, stream, { range })).late;
}

async function tracesOf(stream: DeployedStream) {
  const { events } = await findEvents(small.bucket, stream, {
    ...{ wanted: { contains: '"n":' }, range: undefined, signal: new AbortController().signal },
  });
  return Promise.all(events.map((event) => traceEvent(small.relay, stream, { event })));
}

/** The state at `siem` of the events in the journal's order: young, becomes old, old. */
async function statesByFind(stream: DeployedStream) {
  const traces = await tracesOf(stream);
  return traces.map(({ destinations }) => {
    const at = destinations.find(({ name }) => name === 'siem');
    return at?.mayBeLate === undefined ? at?.state : 'may be late';
  });
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
  ['told of two and was swept', { outcome: 'swept', late: { siem: 2 } }, ['accepted', 'late', 'late'], 2],
])('find and verify name the late events of a run that %s', async (_, facts, states, count) => {
  await collected(facts);
  const stream = withLimit(held);

  expect(await statesByFind(stream)).toEqual(states);
  expect(await lateByVerify(stream)).toEqual([
    expect.objectContaining({ name: 'siem', kind: 'http', late: count, treatment: 'held-back' }),
  ]);
});

/** Complete 45 minutes after it was collected: what was raised more than 75 minutes before then is late by then. */
const sweptAt = collectedAt + 45 * minuteMs;

test.each<readonly [string, number, readonly (readonly string[])[], readonly string[]]>([
  [
    'of one batch the oldest events, whatever their order',
    1,
    [[raised('a', 90), raised('b', 100), raised('c', 95)], [young]],
    ['accepted', 'late', 'accepted', 'accepted'],
  ],
  [
    'none that came to be late after the run was complete',
    1,
    [[raised('a', 70), raised('b', 100)], [raised('c', 74)]],
    ['accepted', 'late', 'accepted'],
  ],
  [
    'events of two batches, of which one was late, as events that may be late',
    1,
    [[raised('a', 90)], [raised('b', 100)]],
    ['may be late', 'may be late'],
  ],
  [
    'as certain what was late on collecting, beside what may be late',
    2,
    [[raised('a', 90), raised('b', 180)], [raised('c', 100)]],
    ['may be late', 'late', 'may be late'],
  ],
  [
    'of events from ahead those from furthest ahead',
    1,
    [[raised('a', -70), raised('b', -80), raised('c', -75)], [young]],
    ['accepted', 'late', 'accepted', 'accepted'],
  ],
  [
    'what may be late where more was late on collecting than the run has told',
    1,
    [[raised('a', 180), raised('b', 190)], [young]],
    ['may be late', 'may be late', 'accepted'],
  ],
])('find and verify name, %s', async (_, told, batches, states) => {
  await collected(
    { complete: true, late: { siem: told }, sweptAt },
    batches.map((each) => [...each]),
  );
  const stream = withLimit({ ...held, future: 3_600 });

  expect(await statesByFind(stream)).toEqual(states);
  const count = (state: string): number => states.filter((each) => each === state).length;
  expect(await lateByVerify(stream)).toEqual([
    expect.objectContaining({ late: count('late'), mayBeLate: count('may be late') }),
  ]);
});

test.each([
  [1, ['may be late', 'may be late']],
  [2, ['late', 'late']],
])('of an event from ahead that is too old in the end, %s of two late ones are %j', async (told, states) => {
  await collected({ complete: true, late: { siem: told }, sweptAt }, [
    [raised('from ahead', -15), raised('becomes old', 10)],
    [],
  ]);

  expect(await statesByFind(withLimit({ ...held, past: 1_200, future: 600 }))).toEqual(states);
});

test.each([
  [1, ['may be late', 'may be late']],
  [2, ['late', 'late']],
])('behind a view, which may leave events out, %s of two late events are %j', async (told, states) => {
  await collected({ complete: true, late: { siem: told }, sweptAt }, [
    [raised('a', 180), raised('b', 90)],
    [],
  ]);
  const limited = withLimit(held);
  const destinations = limited.destinations.map((each) => ({ ...each, view: 'some@00000000' }));

  expect(await statesByFind({ ...limited, destinations })).toEqual(states);
});

test('a range that cuts a run in two counts none of its late events twice', async () => {
  const second = collectedAt + 10 * minuteMs;
  await small.collect([[raised('old', 180)]], { run: 'run-1', startedAt });
  await small.collect([[raised('becomes old', 90)]], {
    ...{ run: 'run-1', startedAt, number: 2, collectedAt: second },
  });
  await stateOf(small.relay, small.stream).records.writeRecord(
    drainedRun(1, startedAt, { complete: true, late: { siem: 1 }, sweptAt }),
  );
  const stream = withLimit(held);

  expect(await lateByVerify(stream)).toMatchObject([{ late: 1, mayBeLate: 0 }]);
  expect(await lateByVerify(stream, second - 1_000)).toMatchObject([{ late: 0, mayBeLate: 0 }]);
});

test('of a run that has lost a batch from the journal, what the number alone would tell may be late', async () => {
  await small.collect([[raised('becomes old', 90)]], { run: 'run-1', startedAt, number: 2 });
  await stateOf(small.relay, small.stream).records.writeRecord(
    drainedRun(1, startedAt, { complete: true, late: { siem: 1 }, sweptAt }),
  );
  const stream = withLimit(held);

  expect(await statesByFind(stream)).toEqual(['may be late']);
  const [evidence] = (await lateByVerify(stream)) ?? [];
  expect(evidence).toMatchObject({ late: 0, mayBeLate: 1, mayBeLateEvents: [{ index: 0 }] });
});

test('find says of an event that may be late what may have become of it', async () => {
  await collected({ complete: true, late: { siem: 1 }, sweptAt }, [[raised('a', 90)], [raised('b', 100)]]);
  const [trace] = await tracesOf(withLimit(held));

  expect(describeTrace(trace!)).toContain('accepted by its delivery stream\n');
  expect(describeTrace(trace!)).toContain(
    'may be late: the event became too old or too new for its receiver',
  );
  expect(describeTrace(trace!)).toContain('and may not have been sent');
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
