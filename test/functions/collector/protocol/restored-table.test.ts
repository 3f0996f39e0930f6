import { createRandom } from '@mosaic-relay/mosaic-simulator';
import { expect, test } from 'vitest';
import { SinkRefused } from '../../../../functions/collector/protocol/ports/sink.ts';
import { type KillSwitch, killSwitch, watchEffects } from './killed.ts';
import { batchSize, destinations, goOn, lost } from './killed-program.ts';
import { numbered, type RelayUnderTest, relayUnderTest, upTo } from './relay-under-test.ts';
import { effectsOfLife, liveWithRestoration, momentsIn, tablesIn } from './restored-table.ts';

const minute = 60_000;

// All moments are tried by the long test beside this one.
test('a table that is put back at some moment, to some earlier one, loses nothing, also where a kill follows', async () => {
  const effects = await effectsOfLife();
  for (let seed = 0; seed < 100; seed++) {
    const random = createRandom('put back', seed);
    const taken = random.pick(tablesIn(effects));
    const putBack = random.pick(momentsIn(effects).filter((at) => at > taken));
    const killedAt = random.chance(0.5) ? putBack + random.below(15) : Number.POSITIVE_INFINITY;
    const kill = killSwitch(killedAt, random.pick(['before', 'after']));

    const relay = await liveWithRestoration({ taken, putBack }, kill);
    await goOn(relay);

    const where = `seed ${seed}: as before effect ${taken}, before ${putBack}, killed at ${killedAt}`;
    // What was consumed and is not in the journal, nobody can bring back.
    const wasInHand = /source\.collect|journal\.put/.test(kill.effects[killedAt] ?? '');
    expect(lost(relay), where).toBeLessThanOrEqual(wasInHand ? batchSize : 0);
    expect(relay.state.stored.open.size, where).toBe(0);
  }
});

interface HalfWay {
  readonly relay: RelayUnderTest;
  /** What happens to the table before the 26th collect. */
  readonly mishap: (relay: RelayUnderTest) => void;
  readonly kill?: ReturnType<typeof killSwitch>;
}

/** A run of 50 batches, one every two seconds, with a mishap half-way. */
async function meetHalfWay({ relay, mishap, kill }: HalfWay): Promise<void> {
  for (let collect = 0; collect < 50; collect++) {
    relay.source.stored.script.push(async () => {
      await relay.clock.sleep(2_000, new AbortController().signal);
      if (collect === 25) mishap(relay);
      return undefined;
    });
  }
  await (kill === undefined ? relay.run() : Promise.race([kill.killed, relay.run({}, kill)]));
}

const ofManyBatches = (): RelayUnderTest => relayUnderTest(numbered(500), destinations);

function refuseAtSplunk({ sinks }: RelayUnderTest): void {
  sinks.splunk!.stored.answer = () => new SinkRefused('no', { throttled: false, name: 'InternalFailure' });
}

function loseEverything({ state }: RelayUnderTest): void {
  state.stored.open.clear();
  state.stored.records.clear();
  state.stored.meta = undefined;
}

function loseTableAndSplunk(relay: RelayUnderTest): void {
  loseEverything(relay);
  refuseAtSplunk(relay);
}

test('a run whose OPEN vanishes writes it anew, and what it leaves is delivered without an audit', async () => {
  const relay = ofManyBatches();
  await meetHalfWay({ relay, mishap: loseTableAndSplunk });

  expect([...relay.state.stored.open.values()]).toMatchObject([
    { done: { s3: 50 }, lastNumber: 50, counted: true },
  ]);
  relay.sinks.splunk!.stored.answer = () => undefined;
  expect((await relay.sweepNow()).reopened).toBe(0);
  expect(new Set(relay.delivered('splunk'))).toEqual(new Set(upTo(500)));
  expect(relay.delivered('s3')).toHaveLength(500);
  expect(relay.state.stored.open.size).toBe(0);
});

test('an OPEN that was written anew is sealed no earlier than the first one was', async () => {
  const relay = ofManyBatches();
  let first = 0;
  const kill = killSwitch();
  await meetHalfWay({
    relay,
    kill,
    mishap: (forgetful) => {
      first = [...forgetful.state.stored.open.values()][0]!.sealAfter;
      loseEverything(forgetful);
      // From now on every PUT is refused, so that the run ends with one unacknowledged.
      forgetful.journal.stored.refuse = (write) => (write === 'put' ? new Error('503') : undefined);
    },
  });

  expect([...relay.state.stored.open.values()].map(({ sealAfter }) => sealAfter)).toEqual([first]);
});

test('a sweep that comes while a forgotten run is alive leaves it alone, and the run finds what the audit wrote', async () => {
  const relay = ofManyBatches();
  const sweeps: Promise<unknown>[] = [];
  await meetHalfWay({
    relay,
    mishap: () => {
      loseTableAndSplunk(relay);
      sweeps.push(relay.sweepNow());
    },
  });
  await Promise.all(sweeps);
  relay.sinks.splunk!.stored.answer = () => undefined;
  await relay.sweepNow();
  relay.clock.set(relay.clock.now() + 21 * minute);
  await relay.sweepNow();

  expect(new Set(relay.delivered('s3'))).toEqual(new Set(upTo(500)));
  expect(new Set(relay.delivered('splunk'))).toEqual(new Set(upTo(500)));
  expect(relay.told()).toBe(0);
  expect(relay.state.stored.open.size).toBe(0);
});

/** Such a run that is killed after so many PUTs, and before it has seen the last one acknowledged. */
async function killedAfterPuts(puts: number, mishap: HalfWay['mishap']) {
  const rehearsal = killSwitch();
  await meetHalfWay({ relay: ofManyBatches(), mishap, kill: rehearsal });
  const at = [...rehearsal.effects.keys()].filter((each) => rehearsal.effects[each] === 'journal.put')[
    puts - 1
  ]!;
  const relay = ofManyBatches();
  const kill = killSwitch(at, 'after');
  await meetHalfWay({ relay, mishap, kill });
  return { relay, timesOpened: kill.effects.filter((effect) => effect === 'state.open').length };
}

test('a forgotten run that the audit finds alive is not closed: what it journals afterwards is delivered', async () => {
  const sweeps: Promise<unknown>[] = [];
  const { relay, timesOpened } = await killedAfterPuts(29, (forgetful) => {
    loseEverything(forgetful);
    sweeps.push(forgetful.sweepNow());
  });
  await Promise.all(sweeps);
  expect(timesOpened).toBe(1);

  for (let pass = 0; pass < 3; pass++) await relay.sweep();

  for (const name of destinations) expect(new Set(relay.delivered(name))).toEqual(new Set(upTo(290)));
});

/** A run that Splunk refuses, and whose OPEN vanishes just before an effect; killed just after that, or not at all. */
async function openVanishesBefore(effect: string, isKilled: boolean): Promise<RelayUnderTest> {
  const refusing = (): RelayUnderTest => {
    const relay = relayUnderTest(numbered(30), destinations);
    refuseAtSplunk(relay);
    return relay;
  };
  const rehearsal = killSwitch();
  await refusing().run({}, rehearsal);
  const at = rehearsal.effects.indexOf(effect);
  const relay = refusing();
  const watch = watchEffects((now) => {
    if (now === at) relay.state.stored.open.clear();
  });
  const kill = killSwitch(isKilled ? at : Number.POSITIVE_INFINITY, 'after');
  const both: KillSwitch = { ...kill, wrap: (name, port) => kill.wrap(name, watch.wrap(name, port)) };
  await Promise.race([kill.killed, relay.run({}, both)]);
  relay.sinks.splunk!.stored.answer = () => undefined;
  return relay;
}

test('a RUN# that does not say complete covers nothing: of a run killed between its last writes, all is delivered', async () => {
  const relay = await openVanishesBefore('state.writeRecord', true);
  expect([...relay.state.stored.records.values()]).toMatchObject([{ complete: false }]);
  expect(relay.state.stored.open.size).toBe(0);

  for (let pass = 0; pass < 3; pass++) await relay.sweep();

  expect(new Set(relay.delivered('splunk'))).toEqual(new Set(upTo(30)));
});

test('an OPEN that vanishes before it is sealed is written anew, sealed, and swept without an audit', async () => {
  const relay = await openVanishesBefore('state.seal', false);
  relay.state.stored.meta = { ...relay.state.stored.meta!, auditedAt: relay.clock.now() };

  const report = await relay.sweepNow();

  expect(report.reopened).toBe(0);
  expect(relay.delivered('splunk')).toEqual(upTo(30));
  expect(relay.delivered('s3')).toEqual(upTo(30));
});

test('of a run that was killed after it had written its OPEN anew, all that expires is told', async () => {
  const { relay, timesOpened } = await killedAfterPuts(42, loseTableAndSplunk);
  expect(timesOpened).toBe(2);
  const { splunk, s3 } = relay.sinks;
  s3!.stored.answer = splunk!.stored.answer;
  await relay.sweep();
  relay.journal.stored.batches.clear();
  for (const { stored } of [splunk!, s3!]) stored.answer = () => undefined;
  const had = Math.min(...[...relay.state.stored.open.values()].flatMap(({ done }) => Object.values(done)));

  await relay.sweepNow();

  expect(relay.told()).toBe(42 - had);
});
