import { describe, expect, test } from 'vitest';
import { SinkRefused } from '../../../../functions/collector/protocol/ports/sink.ts';
import { killSwitch } from './killed.ts';
import { numbered, type RelayUnderTest, relayUnderTest } from './relay-under-test.ts';

const minute = 60_000;
const day = 24 * 60 * minute;
const refused = () => new SinkRefused('no', { throttled: false, name: 'InternalFailure' });

function refuse({ sinks }: RelayUnderTest, ...names: readonly string[]): void {
  for (const [name, { stored }] of Object.entries(sinks))
    stored.answer = names.includes(name) ? refused : () => undefined;
}

/** One run of ten events, which some destinations refuse. */
async function runRefusedBy(relay: RelayUnderTest, ...names: readonly string[]): Promise<void> {
  relay.source.stored.queue.push(...numbered(10));
  refuse(relay, ...names);
  await relay.run();
}

describe('the ages of what live and removed destinations lack are told apart', () => {
  test('what a removed one lacks hides no age of a live one, older or younger', async () => {
    const relay = relayUnderTest([], ['removed', 'live']);
    await runRefusedBy(relay, 'removed');
    relay.clock.set(relay.clock.now() + 20 * day);
    await runRefusedBy(relay, 'live');
    relay.clock.set(relay.clock.now() + 2 * 60 * minute);

    const { oldestUndeliveredMs, oldestOwedToRemovedMs } = await relay.sweepNow(['live']);

    expect(oldestUndeliveredMs).toBeGreaterThanOrEqual(2 * 60 * minute);
    expect(oldestUndeliveredMs).toBeLessThan(3 * 60 * minute);
    expect(oldestOwedToRemovedMs).toBeGreaterThanOrEqual(20 * day);
  });

  test('while nothing is owed to a live one its age is 0, however much a removed one lacks', async () => {
    const relay = relayUnderTest([], ['removed', 'live']);
    await runRefusedBy(relay, 'removed');
    relay.clock.set(relay.clock.now() + 20 * day);

    const report = await relay.sweepNow(['live']);

    expect(report.oldestUndeliveredMs).toBe(0);
    expect(report.oldestOwedToRemovedMs).toBeGreaterThanOrEqual(20 * day);
  });

  test('what both lack is the live one’s', async () => {
    const relay = relayUnderTest([], ['removed', 'live']);
    await runRefusedBy(relay, 'removed', 'live');

    const report = await relay.sweep(['live']);

    expect(report.oldestUndeliveredMs).toBeGreaterThanOrEqual(11 * minute);
    expect(report.oldestOwedToRemovedMs).toBe(0);
  });

  test('a removed destination that is put back gets what it lacks', async () => {
    const relay = relayUnderTest([], ['removed', 'live']);
    await runRefusedBy(relay, 'removed');
    await relay.sweep(['live']);
    refuse(relay);

    await relay.sweep(['removed', 'live']);

    expect(relay.delivered('removed')).toHaveLength(10);
    expect(relay.state.stored.open.size).toBe(0);
  });
});

test('a destination that is added to the settings is owed nothing of the runs before', async () => {
  const relay = relayUnderTest(numbered(10), ['s3', 'added']);
  refuse(relay, 's3');
  await relay.run();
  const [open] = relay.state.stored.open.values();
  relay.state.stored.open.set(open!.run, { ...open!, done: { s3: 0 } });
  refuse(relay);

  const report = await relay.sweep();

  expect(report).toMatchObject({ counters: { swept: 1 }, oldestUndeliveredMs: 0 });
  expect(relay.state.stored.open.size).toBe(0);
});

describe('the age of the oldest undelivered batch', () => {
  test('is also told of a run that was killed, before it is sealed and after', async () => {
    const relay = relayUnderTest(numbered(30));
    refuse(relay, 's3');
    const kill = killSwitch(5, 'after');
    await Promise.race([kill.killed, relay.run({}, kill)]);
    expect(relay.journal.stored.batches.size).toBeGreaterThan(0);
    const ages: number[] = [];
    for (let pass = 0; pass < 4; pass++) {
      relay.clock.set(relay.clock.now() + 5 * minute);
      ages.push(Math.floor((await relay.sweepNow()).oldestUndeliveredMs / minute));
    }

    expect(ages).toEqual([5, 10, 15, 20]);
  });

  test('is that of the oldest run, also where newer ones were killed', async () => {
    const relay = relayUnderTest([]);
    await runRefusedBy(relay, 's3');
    relay.clock.set(relay.clock.now() + 10 * day);
    relay.source.stored.queue.push(...numbered(30));
    const kill = killSwitch(5, 'after');
    await Promise.race([kill.killed, relay.run({}, kill)]);

    expect((await relay.sweep()).oldestUndeliveredMs).toBeGreaterThanOrEqual(10 * day);
  });

  test('is 0 again when everything is delivered', async () => {
    const relay = relayUnderTest([]);
    await runRefusedBy(relay, 's3');
    expect((await relay.sweep()).oldestUndeliveredMs).toBeGreaterThan(0);
    refuse(relay);

    expect((await relay.sweep()).oldestUndeliveredMs).toBe(0);
  });
});

describe('what a pass spends on its gauges is bounded', () => {
  test('it lists at most twenty runs of which nobody has counted the batches', async () => {
    const relay = relayUnderTest([]);
    for (let run = 0; run < 500; run++) {
      const open = { run: `killed-${run}`, startedAt: relay.clock.now(), done: { s3: 0 }, tries: {} };
      relay.state.stored.open.set(open.run, { ...open, sealAfter: relay.clock.now() + day });
    }
    let listings = 0;
    const numbers = relay.journal.numbers.bind(relay.journal);
    relay.journal.numbers = (run) => {
      listings += 1;
      return numbers(run);
    };

    const report = await relay.sweepNow();

    expect(report.openRuns).toBe(500);
    expect(listings).toBeLessThanOrEqual(20);
  });

  const bounded = { objects: 5_000, atLeast: true };
  test.each([
    ['quarantined', async () => bounded],
    ['refusedByDestinations', async () => new Map([['splunk', bounded]])],
  ])('where %s were counted up to a bound, the report says that there may be more', async (which, counts) => {
    const relay = relayUnderTest([]);
    Object.assign(relay.journal, { [which]: counts });

    expect(await relay.sweepNow()).toMatchObject({ waitingForOperator: 5_000, waitingAtLeast: true });
  });

  test('what Firehose gave up is told of each destination, and waits for an operator in all', async () => {
    const relay = relayUnderTest([]);
    const of = (objects: number) => ({ objects, atLeast: false });
    relay.journal.refusedByDestinations = async () =>
      new Map([
        ['http', of(2)],
        ['splunk', of(5)],
      ]);

    expect(await relay.sweepNow()).toMatchObject({
      waitingForOperator: 7,
      givenUp: { http: 2, splunk: 5 },
    });
  });
});

describe('what each destination lacks is told in events', () => {
  test('of batches that runs left, from the mean batch, with the age of the oldest', async () => {
    const relay = relayUnderTest([], ['s3', 'splunk']);
    await runRefusedBy(relay, 'splunk');
    relay.clock.set(relay.clock.now() + 2 * 60 * minute);

    const { lacking } = await relay.sweepNow();

    expect(Object.keys(lacking)).toEqual(['splunk']);
    expect(lacking.splunk?.events).toBe(10);
    expect(lacking.splunk?.oldestMs).toBeGreaterThanOrEqual(2 * 60 * minute);
  });

  test('of quarantine and of what Firehose gave up', async () => {
    const relay = relayUnderTest([], ['s3', 'splunk']);
    const now = relay.clock.now();
    relay.journal.quarantined = async () => ({ objects: 2, atLeast: false });
    relay.journal.refusedByDestinations = async () => new Map([['splunk', { objects: 28, atLeast: false }]]);
    relay.journal.eventsGivenUp = async () => ({
      amount: { events: 8_340, known: 'about' },
      since: now - 200 * minute,
    });

    const { lacking } = await relay.sweepNow();

    expect(lacking.s3).toEqual({ events: 2, oldestMs: 0 });
    expect(lacking.splunk?.events).toBe(8_342);
    expect(lacking.splunk?.oldestMs).toBeGreaterThanOrEqual(200 * minute);
  });

  test('and not while a run is at work on it', async () => {
    const relay = relayUnderTest([], ['s3']);
    await runRefusedBy(relay, 's3');
    const [open] = relay.state.stored.open.values();
    relay.state.stored.open.set(open!.run, { ...open!, sealAfter: relay.clock.now() + day });

    expect((await relay.sweepNow()).lacking).toEqual({});
  });
});

describe('a stream without destinations', () => {
  test('closes its runs, also those that were killed', async () => {
    const relay = relayUnderTest(numbered(30), []);
    const kill = killSwitch(5, 'after');
    await Promise.race([kill.killed, relay.run({}, kill)]);
    relay.clock.set(relay.clock.now() + 11 * minute);

    await relay.run();
    const report = await relay.sweepNow();

    expect(report).toMatchObject({ openRuns: 0, oldestUndeliveredMs: 0 });
    expect([...relay.state.stored.records.values()].map(({ complete }) => complete)).toEqual([true, true]);
  });
});
