import { expect, test } from 'vitest';
import { SinkRefused } from '../../../../functions/collector/protocol/ports/sink.ts';
import { RelayError } from '../../../../functions/relay-error.ts';
import { killSwitch } from './killed.ts';
import { numbered, type RelayUnderTest, relayUnderTest, upTo } from './relay-under-test.ts';

const destinations = ['s3', 'splunk'];

/** Runs of one batch of ten, of which nothing is delivered. */
async function withRunsLeft(runs: number): Promise<RelayUnderTest> {
  const relay = relayUnderTest([], destinations);
  for (const { stored } of Object.values(relay.sinks))
    stored.answer = () => new SinkRefused('no', { throttled: false, name: 'InternalFailure' });
  for (let run = 0; run < runs; run++) {
    relay.source.stored.queue.push(...numbered(10 * run + 10).slice(10 * run));
    await relay.run();
  }
  for (const { stored } of Object.values(relay.sinks)) stored.answer = () => undefined;
  return relay;
}

/** A pass whose process dies at the first call, to one of these destinations, that holds the event. */
async function passThatDiesAt(n: number, relay: RelayUnderTest, deadly = destinations): Promise<void> {
  const kill = killSwitch();
  const { promise: death, resolve: die } = Promise.withResolvers<void>();
  let isDead = false;
  const mortal = async (name: string, args: readonly unknown[], call: () => unknown): Promise<unknown> => {
    if (deadly.includes(name) && holds(args[0] as Uint8Array[], n)) isDead = true;
    const result = isDead ? undefined : await call();
    if (!isDead) return result;
    die();
    return new Promise(() => undefined);
  };
  const dying: typeof kill = {
    ...kill,
    wrap: (name, port) =>
      new Proxy(port, {
        get: (target, property) => {
          const member = Reflect.get(target, property) as unknown;
          if (typeof member !== 'function') return member;
          return (...args: unknown[]) => mortal(name, args, () => member.apply(target, args));
        },
      }),
  };
  relay.clock.set(relay.clock.now() + 11 * 60_000);
  await Promise.race([death, relay.sweepNow(destinations, dying)]);
}

function holds(records: readonly Uint8Array[], n: number): boolean {
  return records.some((record) => Buffer.from(record).includes(`"n":${n},`));
}

function quarantined({ journal }: RelayUnderTest) {
  return [...journal.stored.quarantine.values()].map(({ destination, reason, run }) => ({
    destination,
    reason,
    run,
  }));
}

test('a batch that ends five passes is set aside for its destination, and nothing else is', async () => {
  const relay = await withRunsLeft(3);
  // Whoever sends event 5 dies, to any destination: of both, the first batch of the first run.
  for (let pass = 0; pass < 12; pass++) await passThatDiesAt(5, relay);

  expect(quarantined(relay)).toEqual(
    expect.arrayContaining(
      destinations.map((destination) => ({
        destination,
        reason: 'delivery-crashed-five-times',
        run: 'run-1',
      })),
    ),
  );
  expect(quarantined(relay)).toHaveLength(2);
  for (const name of destinations) expect(relay.delivered(name)).toEqual(upTo(30).slice(10));
  expect(relay.state.stored.open.size).toBe(0);
});

test('a sound batch that is under way while another crashes is never blamed', async () => {
  const relay = await withRunsLeft(3);
  const splunk = relay.sinks.splunk!;
  const put = splunk.put.bind(splunk);
  // It is slow, so that it is always under way when the other destination's batch crashes.
  splunk.put = async (records, signal) => {
    await relay.clock.sleep(1_000, signal);
    return put(records, signal);
  };
  for (let pass = 0; pass < 10; pass++) await passThatDiesAt(5, relay, ['s3']);

  expect(quarantined(relay)).toEqual([
    { destination: 's3', reason: 'delivery-crashed-five-times', run: 'run-1' },
  ]);
  expect(relay.delivered('splunk')).toEqual(upTo(30));
});

test('five passes whose table refuses to record are no crashes of the batch', async () => {
  const relay = await withRunsLeft(1);
  const recordDone = relay.state.openRuns.recordDone.bind(relay.state);
  relay.state.openRuns.recordDone = async () => {
    throw Object.assign(new Error('try again later'), { name: 'InternalServerError', $metadata: {} });
  };
  for (let pass = 0; pass < 7; pass++) await relay.sweep();
  relay.state.openRuns.recordDone = recordDone;

  await relay.sweep();

  expect(quarantined(relay)).toEqual([]);
  expect(relay.state.stored.open.size).toBe(0);
});

test('a table that also refuses to forget the try for a while is asked again', async () => {
  const relay = await withRunsLeft(1);
  const { openRuns, tries } = relay.state;
  const { recordDone } = openRuns;
  const { clearTries } = tries;
  let refusals = 0;
  const refusing = async (): Promise<never> => {
    refusals += 1;
    throw Object.assign(new Error('try again later'), { name: 'ThrottlingException', $metadata: {} });
  };
  openRuns.recordDone = refusing;
  tries.clearTries = (...args) => (refusals % 5 === 0 ? clearTries(...args) : refusing());
  for (let pass = 0; pass < 7; pass++) await relay.sweep();

  expect([...relay.state.stored.open.values()].map((open) => open.tries)).toEqual([{}]);
  Object.assign(openRuns, { recordDone });
  Object.assign(tries, { clearTries });
  await relay.sweep();
  expect(quarantined(relay)).toEqual([]);
});

test.each([
  ['a journal that cannot be read', { get: 'JournalObjectMissing' }],
  ['a quarantine that is refused', { quarantine: 'QuarantineRefused' }],
] as const)('%s is no crash of the batch', async (_, failure) => {
  const relay = relayUnderTest([`{"n":0,"text":"${'x'.repeat(1_100_000)}"}`]);
  relay.sinks.s3!.stored.answer = () => new SinkRefused('no', { throttled: false, name: 'InternalFailure' });
  await relay.run();
  relay.sinks.s3!.stored.answer = () => undefined;
  const sound = { get: relay.journal.get, quarantine: relay.journal.quarantine };
  for (const [method, code] of Object.entries(failure))
    Object.assign(relay.journal, {
      [method]: async () => {
        throw new RelayError(code, 'it was refused');
      },
    });
  for (let pass = 0; pass < 7; pass++) await relay.sweep();
  Object.assign(relay.journal, sound);

  await relay.sweep();

  expect(quarantined(relay).map(({ reason }) => reason)).toEqual(['event-above-record-limit']);
});
