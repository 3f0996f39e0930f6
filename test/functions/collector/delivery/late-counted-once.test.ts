import { expect, test } from 'vitest';
import { SinkRefused } from '../../../../functions/collector/protocol/ports/sink.ts';
import { killSwitch } from '../protocol/killed.ts';
import {
  batchSize,
  destinations,
  events,
  goOn,
  killedAtEachStep,
  type Program,
  runOnce,
  sweepOnce,
} from '../protocol/killed-program.ts';
import { numbered, type RelayUnderTest, relayUnderTest } from '../protocol/relay-under-test.ts';

const refused = () => new SinkRefused('no', { throttled: false, name: 'InternalFailure' });

/** Every event is older than the receivers take, and is sent all the same. */
function lateRelay(): RelayUnderTest {
  const old = numbered(events).map((event) => event.replace('}', ',"timestamp":"2020-01-01T00:00:00.000Z"}'));
  const ages = { past: 86_400, otherwise: 'drops', underWay: 0, hold: false } as const;
  return relayUnderTest(old, destinations, undefined, { ages });
}

async function withEverythingLeft(): Promise<RelayUnderTest> {
  const relay = lateRelay();
  for (const sink of Object.values(relay.sinks)) sink.stored.answer = refused;
  await relay.run({ batchSize });
  for (const sink of Object.values(relay.sinks)) sink.stored.answer = () => undefined;
  return relay;
}

/** A run that delivered to one destination, recorded its progress, and was killed before it could tell. */
async function withRunKilled(): Promise<RelayUnderTest> {
  const relay = lateRelay();
  relay.sinks.splunk!.stored.answer = refused;
  const effects = await effectsOfRun();
  const kill = killSwitch(effects.indexOf('state.writeRecord'));
  await Promise.race([kill.killed, relay.run({ batchSize }, kill)]);
  relay.sinks.splunk!.stored.answer = () => undefined;
  return relay;
}

async function effectsOfRun(): Promise<readonly string[]> {
  const relay = lateRelay();
  relay.sinks.splunk!.stored.answer = refused;
  const kill = killSwitch();
  await relay.run({ batchSize }, kill);
  return kill.effects;
}

/** Late events by the records of all runs. */
function onRecord(relay: RelayUnderTest, name: string): number {
  return [...relay.state.stored.records.values()].reduce((sum, { late }) => sum + (late?.[name] ?? 0), 0);
}

test.each<Program>([
  { name: 'a run', prepare: async () => lateRelay(), go: runOnce },
  { name: 'a sweep', prepare: withEverythingLeft, go: sweepOnce },
  { name: 'a sweep after a run that was killed', prepare: withRunKilled, go: sweepOnce },
])('$name killed before or after any effect leaves each late event counted once', async (program) => {
  for await (const { relay, where } of killedAtEachStep(program)) {
    await goOn(relay);

    for (const name of destinations)
      expect(onRecord(relay, name), `${where}, ${name}`).toBe(new Set(relay.delivered(name)).size);
  }
});

test('a batch that two sweeps deliver counts its late events once, in the record and in the metrics', async () => {
  const relay = await withEverythingLeft();

  relay.clock.set(relay.clock.now() + 11 * 60_000);
  const reports = await Promise.all([relay.sweepNow(), relay.sweepNow()]);

  for (const name of destinations) {
    expect(relay.delivered(name)).toHaveLength(2 * events);
    expect(onRecord(relay, name)).toBe(events);
    expect(reports.reduce((sum, { counters }) => sum + (counters.late[name] ?? 0), 0)).toBe(events);
  }
});

test('the late events that a killed run had recorded are emitted by the first sweep, and by no later one', async () => {
  const relay = await withRunKilled();
  const [open] = relay.state.stored.open.values();
  expect(open).toMatchObject({ done: { s3: 3, splunk: 0 }, late: { s3: events } });
  relay.sinks.splunk!.stored.answer = refused;

  const first = await relay.sweep(destinations);
  const second = await relay.sweep(destinations);

  expect(first.counters.late).toEqual({ s3: events });
  expect(second.counters.late).toEqual({});
});

test('a run without late events writes as it did without a limit', async () => {
  const writes = async (relay: RelayUnderTest): Promise<readonly string[]> => {
    relay.sinks.splunk!.stored.answer = refused;
    const kill = killSwitch();
    await relay.run({ batchSize }, kill);
    return kill.effects;
  };
  const ages = { past: 86_400, otherwise: 'drops', underWay: 0, hold: false } as const;
  const limited = await writes(relayUnderTest(numbered(events), destinations, undefined, { ages }));

  expect(limited).toEqual(await writes(relayUnderTest(numbered(events), destinations)));
  const late = (await effectsOfRun()).map((each) => each.replace('WithLate', ''));
  expect(late).toEqual(limited);
});
