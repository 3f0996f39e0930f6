import { describe, expect, test } from 'vitest';
import { identity } from '../../../contracts/memory-source.ts';
import { numbered, upTo } from '../protocol/relay-under-test.ts';
import { putBackMeta } from '../protocol/restored-table.ts';
import {
  hour,
  hourOver,
  lostOnTheWire,
  minute,
  noon,
  type WitnessedRelay,
  witnessedRelay,
} from './witnessed-relay.ts';

const many = 300;

/** The primary loses its first answer, of ten events; the witness reads everything. */
async function afterLostAnswer(events = many): Promise<WitnessedRelay> {
  const relay = witnessedRelay(numbered(events));
  relay.primary.source.stored.script.push((_, queue) => lostOnTheWire(queue, 10));
  await relay.readBoth();
  return relay;
}

const linesOf = (relay: WitnessedRelay, name: string): readonly string[] =>
  relay.primary.sinks[name]!.stored.records.flatMap((record) =>
    Buffer.from(record).toString().trim().split('\n'),
  );

test('an answer that was lost on the wire is found and delivered by the sweep, as recovered', async () => {
  const relay = await afterLostAnswer();

  const { hours } = await relay.compare();
  const report = await relay.primary.sweep();

  expect(hours).toMatchObject([{ compared: many, missing: 10, recovered: 10, incomparable: false }]);
  const record = [...relay.primary.state.stored.records.values()].find(
    ({ outcome }) => outcome === 'recovered',
  );
  expect(record?.destinations).toEqual(['s3', 'splunk']);
  for (const name of ['s3', 'splunk']) {
    expect(relay.primary.delivered(name).toSorted((a, b) => a - b)).toEqual(upTo(many));
    const recovered = linesOf(relay, name).filter((line) => line.includes('"recovered":true'));
    expect(recovered.map((line) => JSON.parse(line).n)).toEqual(upTo(10));
    expect(JSON.parse(recovered[0]!)._relay).toMatchObject({
      stream: 'relay-cis',
      collected_at: '2026-03-01T12:10:00.000Z',
    });
  }
  expect(report.oldestUndeliveredMs).toBe(0);
  expect(relay.primary.state.stored.open.size).toBe(0);
});

test('to detect is to count, and to write nothing', async () => {
  const relay = await afterLostAnswer();
  const batches = relay.primary.journal.stored.batches.size;

  const { hours } = await relay.compare({ mode: 'detect' });

  expect(hours).toMatchObject([{ missing: 10, recovered: 0 }]);
  expect(relay.primary.journal.stored.batches.size).toBe(batches);
  expect(relay.primary.state.stored.open.size).toBe(0);
});

test('where nothing is missing, nothing is written', async () => {
  const relay = witnessedRelay(numbered(many));
  await relay.readBoth();

  const { hours } = await relay.compare();

  expect(hours).toMatchObject([{ from: noon, compared: many, missing: 0, recovered: 0 }]);
  expect(relay.primary.state.stored.open.size).toBe(0);
});

test('an hour is compared once, and only when it has been over for five minutes', async () => {
  const relay = await afterLostAnswer();
  relay.clock.set(hourOver - 1);
  expect(await relay.compare()).toEqual({ hours: [], waitingFor: 'the hour to be over' });
  relay.clock.set(hourOver);

  expect((await relay.compare()).hours).toHaveLength(1);
  expect((await relay.compare()).hours).toHaveLength(0);
  relay.clock.set(hourOver + 3 * hour);
  expect((await relay.compare()).hours).toMatchObject([
    { from: noon + hour, compared: 0 },
    { from: noon + 2 * hour, compared: 0 },
    { from: noon + 3 * hour, compared: 0 },
  ]);
});

test('it waits for a drained run of the primary that started 15 minutes after the witness read', async () => {
  const relay = witnessedRelay(numbered(many));
  await relay.witness.run();
  relay.clock.set(noon + 14 * minute);
  await relay.primary.run();
  relay.clock.set(hourOver);
  expect(await relay.compare()).toEqual({ hours: [], waitingFor: 'a drained run of the primary' });

  relay.primary.source.stored.script.push({ kind: 'retired', message: 'gone' });
  await relay.primary.run();
  expect((await relay.compare()).waitingFor).toBe('a drained run of the primary');
  await relay.primary.run();
  expect((await relay.compare()).hours).toMatchObject([{ compared: many, missing: 0 }]);
});

test('an hour in which a run of the witness may still write is left', async () => {
  const relay = await afterLostAnswer();
  const [record] = relay.witness.state.stored.records.values();
  await relay.witness.state.openRuns.open({
    run: 'dying',
    startedAt: record!.startedAt,
    sealAfter: 0,
    done: {},
    tries: {},
  });

  expect((await relay.compare()).waitingFor).toBe('a run of the witness');
});

test('either side may repeat what it read', async () => {
  const events = numbered(many);
  const relay = witnessedRelay([...events, ...events.slice(40)], [...events, ...events]);
  relay.primary.source.stored.script.push((_, queue) => lostOnTheWire(queue, 10));
  await relay.readBoth();

  const { hours } = await relay.compare();
  await relay.primary.sweep();

  expect(hours).toMatchObject([{ compared: many, missing: 10, recovered: 10 }]);
  expect(relay.primary.delivered('s3').filter((n) => n < 10)).toEqual(upTo(10));
});

test('what the primary read up to 24 hours before is not missing, what it read earlier is', async () => {
  for (const [hoursBefore, missing] of [
    [23, 0],
    [26, 10],
  ] as const) {
    const relay = witnessedRelay(numbered(10), numbered(many));
    relay.clock.set(noon - hoursBefore * hour);
    await relay.primary.run();
    relay.primary.source.stored.queue.push(...numbered(many).slice(10));
    await relay.readBoth();

    expect((await relay.compare({ mode: 'detect' })).hours).toMatchObject([{ compared: many, missing }]);
  }
});

test('where more than 5 % is missing and no possible loss explains it, the copies are not comparable', async () => {
  const relay = witnessedRelay(numbered(many - 16), numbered(many));
  await relay.readBoth();
  relay.clock.set(noon + 3 * hour);

  const { hours } = await relay.compare();

  expect(hours.slice(0, 1)).toMatchObject([{ missing: 16, recovered: 0, incomparable: true }]);
  expect(relay.primary.state.stored.open.size).toBe(0);
});

test('what the primary has not read yet, though it seemed drained, is waited for, and recovered once it is lost', async () => {
  const relay = witnessedRelay(numbered(many - 20), numbered(many));
  await relay.readBoth();

  const early = await relay.compare();
  relay.primary.source.stored.queue.push(...numbered(many).slice(many - 20));
  for (const count of [10, 10]) {
    relay.primary.source.stored.script.push((_, queue) => lostOnTheWire(queue, count));
    await relay.primary.run();
  }
  await relay.primary.run();
  const late = await relay.compare();

  expect(early).toEqual({ hours: [], waitingFor: 'the primary to read or to explain what it lacks' });
  expect(late.hours).toMatchObject([{ missing: 20, recovered: 20, incomparable: false }]);
});

describe('a table of the primary that was put back to before it told a loss', () => {
  async function putBackAfterLoss(restoredAt: number): Promise<WitnessedRelay> {
    const relay = witnessedRelay([], numbered(many));
    await relay.readBoth();
    const { stored } = relay.primary.state;
    stored.meta = putBackMeta(stored.meta!, restoredAt);
    return relay;
  }

  test('has what it lacks recovered, whatever it tells, once it has had the time to read it', async () => {
    const relay = await putBackAfterLoss(noon + 40 * minute);

    const early = await relay.compare();
    relay.clock.set(noon + 3 * hour);
    const late = await relay.compare();

    expect(early).toEqual({ hours: [], waitingFor: 'the primary to read or to explain what it lacks' });
    expect(late.hours.slice(0, 1)).toMatchObject([{ missing: many, recovered: many, incomparable: false }]);
  });

  test('more than a day before explains nothing', async () => {
    const relay = await putBackAfterLoss(noon - 24 * hour - 1);
    relay.clock.set(noon + 3 * hour);

    expect((await relay.compare()).hours.slice(0, 1)).toMatchObject([{ recovered: 0, incomparable: true }]);
  });
});

test('up to 5 % is recovered, though nothing explains it', async () => {
  const relay = witnessedRelay(numbered(many - 15), numbered(many));
  await relay.readBoth();

  expect((await relay.compare()).hours).toMatchObject([{ missing: 15, recovered: 15, incomparable: false }]);
});

test('what the primary’s possible loss of that time explains is recovered, however much it is', async () => {
  const relay = await afterLostAnswer(20);

  expect((await relay.compare()).hours).toMatchObject([{ missing: 10, recovered: 10, incomparable: false }]);
});

/** The primary loses an answer; the witness is told for four hours that there is nothing, and then reads everything. */
async function emptyForHours(): Promise<WitnessedRelay> {
  const relay = witnessedRelay(numbered(20), []);
  relay.primary.source.stored.script.push((_, queue) => lostOnTheWire(queue, 10));
  for (const back of [4, 3, 2, 1]) {
    relay.clock.set(noon - back * hour + 10 * minute);
    await relay.primary.run();
    await relay.witness.run();
  }
  relay.witness.source.stored.queue.push(...numbered(20));
  await relay.readBoth();
  return relay;
}

test('a loss from before hours of false empties explains what the witness reads late', async () => {
  const relay = await emptyForHours();

  const { hours } = await relay.compare();

  expect(hours.at(-1)).toMatchObject({ compared: 20, missing: 10, recovered: 10, incomparable: false });
});

test('a loss of that day explains no more than has not been recovered of it', async () => {
  const relay = await emptyForHours();
  await relay.compare();
  relay.witness.source.stored.queue.push(...upTo(10).map((n) => `{"n":${1_000 + n}}`));
  relay.clock.set(noon + hour + 10 * minute);
  await relay.witness.run();
  relay.clock.set(noon + 2 * hour);
  await relay.primary.run();
  relay.clock.set(noon + 5 * hour);

  expect((await relay.compare()).hours.slice(0, 1)).toMatchObject([
    { missing: 10, recovered: 0, incomparable: true },
  ]);
});

test('possible loss of another time explains nothing', async () => {
  const relay = witnessedRelay(numbered(10), numbered(20));
  relay.clock.set(noon - 30 * hour);
  relay.primary.source.stored.script.push((_, queue) => lostOnTheWire(queue, 0));
  await relay.primary.run();
  await relay.readBoth();
  relay.clock.set(noon + 3 * hour);

  expect((await relay.compare()).hours.slice(0, 1)).toMatchObject([{ missing: 10, incomparable: true }]);
});

test('an answer that lies only in quarantine is missing from the primary, and explains itself', async () => {
  const relay = witnessedRelay(numbered(30));
  relay.primary.source.stored.script.push((_, queue) => ({
    kind: 'answer',
    answer: identity(`{"events":[${queue.splice(0, 10).join(',')}]}`),
  }));
  await relay.readBoth();

  const { hours } = await relay.compare();
  await relay.primary.sweep();

  expect(hours).toMatchObject([{ missing: 10, recovered: 10, incomparable: false }]);
  expect(new Set(relay.primary.delivered('s3'))).toEqual(new Set(upTo(30)));
});

test('a run of the primary that neither OPEN nor RUN# covers is searched all the same', async () => {
  const relay = witnessedRelay(numbered(many));
  await relay.readBoth();
  for (const [key, { run }] of relay.primary.state.stored.records) {
    if (run === 'run-1') relay.primary.state.stored.records.delete(key);
  }

  expect((await relay.compare()).hours).toMatchObject([{ missing: 0 }]);
});

test.each([
  ['its runs', noon],
  ['its runs and what was compared', undefined],
])('where the table has forgotten %s, all is compared all the same', async (_, comparedUntil) => {
  const relay = await afterLostAnswer(100);
  const { primary, witness } = relay;
  for (const { state } of [primary, witness]) state.stored.records.clear();
  if (comparedUntil !== undefined) await witness.state.meta.markCompared(comparedUntil);
  relay.clock.set(noon + 80 * minute);
  await primary.run();

  const { hours } = await relay.compare();
  await primary.sweep();

  const expected = { compared: 100, missing: 10, recovered: 10, incomparable: false };
  expect(hours.find(({ from }) => from === noon)).toMatchObject(expected);
  expect(new Set(primary.delivered('s3')).size).toBe(100);
});

test('an hour that does not fit into an invocation is not marked, and says so', async () => {
  const relay = await afterLostAnswer();
  const get = relay.witness.journal.get.bind(relay.witness.journal);
  relay.witness.journal.get = async (run, number) => {
    relay.clock.set(relay.clock.now() + 5 * minute);
    return get(run, number);
  };

  await expect(relay.compare()).rejects.toMatchObject({ code: 'WitnessTooSlow' });
  expect((await relay.witness.state.meta.readMeta())?.comparedUntil).toBeUndefined();
});

test('what remains is recovered when time runs out in the search of distant hours', async () => {
  const relay = witnessedRelay(numbered(20), []);
  for (const back of [20, 22]) {
    relay.clock.set(noon - back * hour);
    relay.primary.source.stored.queue.splice(0, Number.POSITIVE_INFINITY, `{"n":${back * 1_000}}`);
    await relay.primary.run();
  }
  relay.clock.set(noon - hour);
  await relay.witness.run();
  relay.witness.source.stored.queue.push(...numbered(many));
  relay.primary.source.stored.queue.push(...numbered(many).slice(10));
  await relay.readBoth();
  const get = relay.primary.journal.get.bind(relay.primary.journal);
  relay.primary.journal.get = async (run, number) => {
    if (run.startedAt < noon) relay.clock.set(relay.clock.now() + hour);
    return get(run, number);
  };

  expect((await relay.compare()).hours).toMatchObject([
    { compared: 0 },
    { missing: 10, recovered: 10, narrowed: true },
  ]);
});

test('of a run that read across two hours, each is compared for itself', async () => {
  const relay = witnessedRelay(numbered(20));
  relay.clock.set(noon + 30 * minute);
  await relay.primary.run();
  const put = relay.witness.journal.put.bind(relay.witness.journal);
  relay.clock.set(noon + hour - 1);
  relay.witness.journal.put = async (batch, signal) => {
    await put(batch, signal);
    relay.clock.set(noon + hour + minute);
  };
  await relay.witness.run();
  relay.clock.set(noon + hour + 30 * minute);
  await relay.primary.run();
  relay.clock.set(hourOver + hour);

  expect((await relay.compare()).hours).toMatchObject([{ compared: 10 }, { compared: 10 }]);
});

test('a run of the witness whose clock is a minute behind is compared, though the hour had ended', async () => {
  const relay = await afterLostAnswer(0);
  relay.witness.source.stored.queue.push(...numbered(10));
  relay.clock.set(noon + hour);
  const early = await relay.compare();
  relay.clock.set(noon + hour - minute);
  await relay.witness.run();
  relay.clock.set(noon + hour + 20 * minute);
  await relay.primary.run();

  const late = await relay.compare();

  expect(early.hours).toEqual([]);
  expect(late.hours).toMatchObject([{ from: noon, compared: 10, missing: 10 }]);
});

test('what was recovered is owed since it was added, not since its hour', async () => {
  const relay = await afterLostAnswer();
  relay.clock.set(noon + 10 * hour);
  await relay.compare();
  for (const sink of Object.values(relay.primary.sinks)) {
    sink.stored.answer = (records) => records.map(() => 'InternalFailure');
  }

  // The sweep comes 11 minutes later.
  expect((await relay.primary.sweep()).oldestUndeliveredMs).toBeLessThan(15 * minute);
});

test('a recovery whose OPEN a restored table has lost is swept all the same', async () => {
  const relay = await afterLostAnswer();
  relay.clock.set(noon + 10 * hour);
  const { state } = relay.primary;
  const seal = state.openRuns.seal.bind(state);
  state.openRuns.seal = async (run, at, last) => {
    state.stored.open.clear();
    return seal(run, at, last);
  };

  await relay.compare();
  state.openRuns.seal = seal;
  await relay.primary.sweep();

  expect(new Set(relay.primary.delivered('s3')).size).toBe(many);
});
