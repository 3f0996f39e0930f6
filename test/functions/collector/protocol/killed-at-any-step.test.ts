import { expect, test } from 'vitest';
import { SinkRefused } from '../../../../functions/collector/protocol/ports/sink.ts';
import { identity } from '../../../contracts/memory-source.ts';
import { killSwitch } from './killed.ts';
import {
  batchSize,
  destinations,
  effectsOf,
  events,
  goOn,
  killedAtEachStep,
  lost,
  type Program,
  runOnce,
  sweepOnce,
} from './killed-program.ts';
import { numbered, type RelayUnderTest, relayUnderTest, upTo } from './relay-under-test.ts';

/**
 * Every outside effect of a run and of a sweep, found by letting one go through, is where a process dies: just
 * before the effect, and just after it. Ticks and sweeps then go on.
 */
const runs: readonly Program[] = [
  { name: 'a run', prepare: async () => relayUnderTest(numbered(events), destinations), go: runOnce },
  { name: 'a run that meets everything', after: 'killed', prepare: beforeTroubledRun, go: runOnce },
];
const sweeps: readonly Program[] = [
  { name: 'a sweep', prepare: withEverythingLeft, go: sweepOnce },
  { name: 'a sweep that meets everything', prepare: beforeTroubledSweep, go: sweepOnce },
  { name: 'a sweep that finds a batch expired', prepare: withBatchExpired, go: sweepOnce },
  { name: 'a sweep that finds events late', prepare: withEventsLate, go: sweepOnce },
];

const refused = () => new SinkRefused('no', { throttled: false, name: 'InternalFailure' });

/**
 * The run before never ended, the stream is gone and its id was replaced, an answer is no array, and a destination
 * refuses.
 */
async function beforeTroubledRun(): Promise<RelayUnderTest> {
  const relay = relayUnderTest(numbered(events), destinations);
  const now = relay.clock.now();
  relay.state.stored.meta = {
    type: 'cis',
    streamId: 'relay-cis',
    schema: 1,
    totals: { events: 0, batches: 0, sourceBytes: 0 },
    lease: { run: 'killed', startedAt: now - 600_000, until: now - 1 },
    retiring: [
      { streamId: 'older', since: now - 50 * 3_600_000, emptySince: now - 25 * 3_600_000 },
      { streamId: 'old', since: now - 2 * 3_600_000 },
    ],
  };
  relay.source.stored.script.push(
    { kind: 'nothing-consumed', reason: 'stream-missing', status: 404, message: 'gone' },
    { kind: 'answer', answer: identity('{"no":"array"}') },
  );
  relay.sinks.splunk!.stored.answer = refused;
  return relay;
}

/** A run whose deliveries were all refused. */
async function withEverythingLeft(): Promise<RelayUnderTest> {
  const relay = relayUnderTest(numbered(events), destinations);
  for (const sink of Object.values(relay.sinks)) sink.stored.answer = refused;
  await relay.run({ batchSize });
  for (const sink of Object.values(relay.sinks)) sink.stored.answer = () => undefined;
  return relay;
}

/** Of a killed run, one batch is no array, one has ended five sweeps, and of another run nobody knows. */
async function beforeTroubledSweep(): Promise<RelayUnderTest> {
  const relay = await withEverythingLeft();
  const { open, records } = relay.state.stored;
  const [left] = open.values();
  const { batches } = relay.journal.stored;
  const [first] = batches.values();
  for (const number of [4, 5]) {
    const damaged = { ...first!, number, answer: identity('{"no":"array"}') };
    await relay.journal.put(damaged, new AbortController().signal);
  }
  await relay.journal.put({ ...first!, run: 'forgotten' }, new AbortController().signal);
  records.clear();
  // As a killed run leaves it: nobody has counted its batches.
  const { lastNumber: _, counted: __, ...uncounted } = left!;
  open.set(left!.run, { ...uncounted, tries: { s3: { number: 1, count: 5 } } });
  relay.sinks.splunk!.stored.answer = refused;
  // Firehose gave something up, whose events the gauges count.
  relay.journal.stored.refusedByDestinations = 1;
  return relay;
}

/** Its second batch has left the journal before anybody had it. */
async function withBatchExpired(): Promise<RelayUnderTest> {
  const relay = await withEverythingLeft();
  const second = [...relay.journal.stored.batches.keys()].find((key) => key.endsWith('/2'))!;
  relay.journal.stored.batches.delete(second);
  return relay;
}

/** Its events are older than the receivers take, and are sent all the same. */
async function withEventsLate(): Promise<RelayUnderTest> {
  const old = numbered(events).map((event) => event.replace('}', ',"timestamp":"2020-01-01T00:00:00.000Z"}'));
  const ages = { past: 86_400, otherwise: 'drops', underWay: 0, hold: false } as const;
  const relay = relayUnderTest(old, destinations, undefined, { ages });
  for (const sink of Object.values(relay.sinks)) sink.stored.answer = refused;
  await relay.run({ batchSize });
  for (const sink of Object.values(relay.sinks)) sink.stored.answer = () => undefined;
  return relay;
}

test('every method of every port is an effect of some run or sweep', async () => {
  const { state, journal, source, sinks } = relayUnderTest([], destinations);
  const { stored: _, ...groups } = state;
  const ports = [
    ...Object.values(groups).map((group) => ['state', group] as const),
    ...Object.entries({ journal, source, ...sinks }),
  ];
  const methods = ports.flatMap(([name, port]) =>
    Object.entries(port).flatMap(([method, value]) =>
      typeof value === 'function' ? [`${name}.${method}`] : [],
    ),
  );
  const effects = (await Promise.all([...runs, ...sweeps].map(effectsOf))).flat();

  // A comparison alone marks what it has compared; closing a source only ends its sockets.
  const others = new Set(['state.markCompared', 'source.close']);
  expect([...new Set(effects)].toSorted()).toEqual(methods.filter((each) => !others.has(each)).toSorted());
});

test.each(runs)(
  '$name killed before or after any effect loses nothing that was journaled, and the next run tells and is cautious',
  async (program) => {
    for await (const { relay, effect, moment, where } of killedAtEachStep(program)) {
      relay.clock.set(relay.clock.now() + 6 * 60_000);
      const holder = relay.state.stored.meta?.lease?.run;
      const unended = holder !== undefined;
      // The one that was killed, and the one before it whose loss it did not live to tell.
      const killedRuns = program.after === undefined || holder === program.after ? 1 : 2;

      const asked = relay.source.stored.requests.length;
      const next = killSwitch();
      for (const sink of Object.values(relay.sinks)) sink.stored.answer = () => undefined;
      const report = await relay.run({ batchSize }, next);
      const told = report.kind === 'ended' ? report.counters.possibleLoss : 0;
      await goOn(relay);

      const inTheWindow =
        (effect === 'source.collect' && moment === 'after') ||
        (effect === 'journal.put' && moment === 'before');
      expect(lost(relay), where).toBeLessThanOrEqual(inTheWindow ? batchSize : 0);
      if (inTheWindow) expect(unended, where).toBe(true);
      expect(told, where).toBe(unended ? killedRuns : 0);
      expect(next.effects.includes('journal.probe'), where).toBe(unended);
      expect(relay.source.stored.requests[asked]!.batchSize, where).toBe(unended ? 10 : batchSize);
      if (unended)
        expect(next.effects.indexOf('journal.probe'), where).toBeLessThan(
          next.effects.indexOf('source.collect'),
        );
      expect(relay.state.stored.open.size, where).toBe(0);
    }
  },
);

test.each(sweeps)('$name killed before or after any effect loses nothing', async (program) => {
  for await (const { relay, where } of killedAtEachStep(program)) {
    const expired = program.prepare === withBatchExpired;
    const told = relay.told() + (await goOn(relay));

    expect(lost(relay), where).toBe(expired ? batchSize : 0);
    // Twice where it was killed between telling and writing down that it was told.
    expect(told > 0, where).toBe(expired);
    expect(told, where).toBeLessThanOrEqual(2);
    expect(relay.state.stored.open.size, where).toBe(0);
  }
});

test('what a killed run or sweep leaves in the journal is covered by OPEN or RUN# at every moment', async () => {
  // Of a run that was killed, nobody has written a RUN# yet.
  const unrecorded = async (): Promise<RelayUnderTest> => {
    const relay = await withEverythingLeft();
    relay.state.stored.records.clear();
    return relay;
  };
  for (const program of [runs[0]!, { ...sweeps[0]!, prepare: unrecorded }]) {
    for await (const { relay, where } of killedAtEachStep(program)) {
      const { open, records } = relay.state.stored;
      const journaled = relay.journal.stored.batches.size > 0;
      const complete = [...records.values()].filter((record) => record.complete);
      expect(!journaled || open.size + complete.length > 0, where).toBe(true);
    }
  }
});

test('of runs that are killed one after the other, each loss that is possible is told', async () => {
  const relay = relayUnderTest(numbered(events), destinations);
  for (let run = 0; run < 3; run++) {
    const at = (await effectsOf(runs[0]!)).indexOf('source.collect') + (run === 0 ? 0 : 1);
    const kill = killSwitch(at, 'after');
    await Promise.race([kill.killed, relay.run({ batchSize }, kill)]);
    expect(kill.effects.at(-1)).toBe('source.collect');
    relay.clock.set(relay.clock.now() + 6 * 60_000);
  }

  const told = await goOn(relay);

  // A run that comes after one that never ended asks for 10.
  expect(lost(relay)).toBe(batchSize + 10 + 10);
  expect(told).toBe(3);
});

test('two runs at once, with the lease taken out, lose nothing', async () => {
  const relay = relayUnderTest(numbered(events), destinations);
  const acquire = relay.state.meta.acquireLease.bind(relay.state);
  relay.state.meta.acquireLease = async (request) => {
    relay.state.stored.meta = undefined;
    return acquire(request);
  };

  await Promise.all([relay.run(), relay.run(), relay.run()]);

  for (const name of destinations)
    expect(relay.delivered(name).toSorted((a, b) => a - b)).toEqual(upTo(events));
});

test('of two ticks at once one works and the other ends as overlap', async () => {
  const relay = relayUnderTest(numbered(events), destinations);

  const kinds = (await Promise.all([relay.run(), relay.run()])).map(({ kind }) => kind);

  expect(kinds.toSorted()).toEqual(['ended', 'overlap']);
  expect(relay.delivered('s3')).toEqual(upTo(events));
});
