import { expect, test } from 'vitest';
import { SinkRefused } from '../../../functions/collector/errors.ts';
import { type KillSwitch, killSwitch } from './killed.ts';
import { numbered, type RelayUnderTest, relayUnderTest, upTo } from './relay-under-test.ts';

/**
 * Every outside effect of a run and of a sweep, found by letting one go through, is where a process dies: just
 * before the effect, and just after it. Ticks and sweeps then go on.
 */
const events = 35;
const batch = 10;
const destinations = ['s3', 'splunk'];
const moments = ['before', 'after'] as const;

async function effectsOfRun(): Promise<readonly string[]> {
  const kill = killSwitch();
  await relayUnderTest(numbered(events), destinations).run({}, kill);
  return kill.effects;
}

/** A run whose deliveries were all refused. */
async function withEverythingLeft(): Promise<RelayUnderTest> {
  const relay = relayUnderTest(numbered(events), destinations);
  const refused = () => new SinkRefused('no', { throttled: true, name: 'ServiceUnavailableException' });
  for (const sink of Object.values(relay.sinks)) sink.stored.answer = refused;
  await relay.run();
  for (const sink of Object.values(relay.sinks)) sink.stored.answer = () => undefined;
  return relay;
}

async function goOn(relay: RelayUnderTest): Promise<number> {
  let possibleLoss = 0;
  for (let i = 0; i < 3; i++) {
    possibleLoss += (await relay.sweep()).tally.possibleLoss;
    const report = await relay.run();
    if (report.kind === 'ended') possibleLoss += report.tally.possibleLoss;
  }
  return possibleLoss;
}

function lost(relay: RelayUnderTest): number {
  return Math.max(...destinations.map((name) => events - new Set(relay.delivered(name)).size));
}

test('a run has effects on every port', async () => {
  const ports = new Set((await effectsOfRun()).map((effect) => effect.split('.')[0]));

  expect(ports).toEqual(new Set(['state', 'journal', 'source', 's3', 'splunk']));
});

test('a run killed before or after any effect loses nothing that was journaled, and reports the window', async () => {
  const effects = await effectsOfRun();
  for (const [at, effect] of effects.entries()) {
    for (const moment of moments) {
      const relay = relayUnderTest(numbered(events), destinations);
      const kill = killSwitch(at, moment);
      await Promise.race([kill.killed, relay.run({}, kill)]);
      relay.clock.set(relay.clock.now() + 6 * 60_000);

      const possibleLoss = await goOn(relay);

      const inTheWindow =
        (effect === 'source.collect' && moment === 'after') ||
        (effect === 'journal.put' && moment === 'before');
      const where = `killed ${moment} effect ${at}, ${effect}`;
      expect(lost(relay), where).toBeLessThanOrEqual(inTheWindow ? batch : 0);
      if (lost(relay) > 0) expect(possibleLoss, where).toBeGreaterThanOrEqual(1);
      expect(relay.state.stored.open.size, where).toBe(0);
    }
  }
});

test('a sweep killed before or after any effect loses nothing', async () => {
  const whole = killSwitch();
  await (await withEverythingLeft()).sweep(destinations, whole);
  for (const [at, effect] of whole.effects.entries()) {
    for (const moment of moments) {
      const relay = await withEverythingLeft();
      const kill = killSwitch(at, moment);
      await Promise.race([kill.killed, relay.sweep(destinations, kill)]);

      const possibleLoss = await goOn(relay);

      const where = `killed ${moment} effect ${at}, ${effect}`;
      expect(lost(relay), where).toBe(0);
      expect(possibleLoss, where).toBe(0);
      expect(relay.state.stored.open.size, where).toBe(0);
    }
  }
});

test('what a killed run or sweep leaves in the journal is covered by OPEN or RUN# at every moment', async () => {
  const programs = {
    run: {
      prepare: async () => relayUnderTest(numbered(events), destinations),
      go: (relay: RelayUnderTest, kill: KillSwitch) => relay.run({}, kill),
    },
    sweep: {
      // Of a run that was killed, nobody has written a RUN# yet.
      prepare: async () => {
        const relay = await withEverythingLeft();
        relay.state.stored.records.clear();
        return relay;
      },
      go: (relay: RelayUnderTest, kill: KillSwitch) => relay.sweep(destinations, kill),
    },
  };
  for (const [name, { prepare, go }] of Object.entries(programs)) {
    const whole = killSwitch();
    await go(await prepare(), whole);
    for (const [at, effect] of whole.effects.entries()) {
      for (const moment of moments) {
        const relay = await prepare();
        const kill = killSwitch(at, moment);
        await Promise.race([kill.killed, go(relay, kill)]);

        const { open, records } = relay.state.stored;
        const journaled = relay.journal.stored.batches.size > 0;
        const where = `${name} killed ${moment} effect ${at}, ${effect}`;
        expect(!journaled || open.size + records.size > 0, where).toBe(true);
      }
    }
  }
});

test('two runs at once, with the lease taken out, lose nothing', async () => {
  const relay = relayUnderTest(numbered(events), destinations);
  const acquire = relay.state.acquireLease.bind(relay.state);
  relay.state.acquireLease = async (request) => {
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
