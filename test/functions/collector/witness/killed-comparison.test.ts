import { expect, test } from 'vitest';
import { killSwitch } from '../protocol/killed.ts';
import { numbered, upTo } from '../protocol/relay-under-test.ts';
import { minute, type WitnessedRelay, witnessedRelay } from './witnessed-relay.ts';

/**
 * Every outside effect of a comparison, found by letting one go through, is where its process dies: just before the
 * effect, and just after it. Comparisons and sweeps then go on.
 */
const events = 400;
const batchSize = 100;

/** Missing are events of two of the witness's batches. */
async function afterLoss(): Promise<WitnessedRelay> {
  const read = numbered(events).filter((_, n) => n % batchSize > 9 || n >= 2 * batchSize);
  const relay = witnessedRelay(read, numbered(events));
  await relay.readBoth({ batchSize });
  return relay;
}
const lost = 20;

async function goOn(relay: WitnessedRelay): Promise<number> {
  relay.clock.set(relay.clock.now() + 15 * minute);
  const { hours } = await relay.compare();
  // Past the seal of whatever the dead process has opened.
  for (let sweeps = 0; sweeps < 3; sweeps++) await relay.primary.sweep();
  return hours[0]?.missing ?? 0;
}

test('a comparison killed before or after any effect loses nothing, adds each event once and counts it', async () => {
  const whole = killSwitch();
  await (await afterLoss()).compare({}, whole);
  expect(whole.effects.filter((effect) => effect === 'primary.journal.put')).toHaveLength(2);
  for (const [at, effect] of whole.effects.entries()) {
    for (const moment of ['before', 'after'] as const) {
      const relay = await afterLoss();
      const kill = killSwitch(at, moment);
      await Promise.race([kill.killed, relay.compare({}, kill)]);
      const marked = (await relay.witness.state.meta.readMeta())?.comparedUntil !== undefined;

      const missing = await goOn(relay);

      const where = `killed ${moment} effect ${at}, ${effect}`;
      for (const name of ['s3', 'splunk']) {
        expect(
          relay.primary.delivered(name).toSorted((a, b) => a - b),
          where,
        ).toEqual(upTo(events));
      }
      expect(missing, where).toBe(marked ? 0 : lost);
      expect(relay.primary.state.stored.open.size, where).toBe(0);
    }
  }
});

test('two comparisons at once add the same objects', async () => {
  const relay = await afterLoss();

  await Promise.all([relay.compare(), relay.compare()]);
  await relay.primary.sweep();

  expect(relay.primary.delivered('s3').toSorted((a, b) => a - b)).toEqual(upTo(events));
});

test('what a dead comparison left behind may be closed by a sweep while the next one writes', async () => {
  const whole = killSwitch();
  await (await afterLoss()).compare({}, whole);
  const relay = await afterLoss();
  const kill = killSwitch(whole.effects.indexOf('primary.state.open'), 'after');
  await Promise.race([kill.killed, relay.compare({}, kill)]);
  relay.clock.set(relay.clock.now() + 15 * minute);
  const { journal } = relay.primary;
  const numbers = journal.numbers.bind(journal);
  let compared = false;
  journal.numbers = async (run) => {
    const listed = await numbers(run);
    if (!compared && run.run.startsWith('recovered-')) {
      compared = true;
      await relay.compare();
    }
    return listed;
  };

  for (let sweeps = 0; sweeps < 3; sweeps++) await relay.primary.sweep();

  expect(compared).toBe(true);
  expect(new Set(relay.primary.delivered('s3'))).toEqual(new Set(upTo(events)));
});
