import { expect, test } from 'vitest';
import { killSwitch } from './killed.ts';
import { numbered, type RelayUnderTest, relayUnderTest, upTo } from './relay-under-test.ts';

const minute = 60_000;

/** A relay whose source takes half a minute for an answer of ten events. */
function slowly(events: number): RelayUnderTest {
  const relay = relayUnderTest(numbered(events));
  for (let collect = 0; collect < events / 10; collect++)
    relay.source.stored.script.push(async () => {
      await relay.clock.sleep(30_000, new AbortController().signal);
      return undefined;
    });
  return relay;
}

/** What a run holds on to while it is at work. */
async function promisedBy(withinMs: number): Promise<{ readonly leaseMs: number; readonly sealMs: number }> {
  const relay = relayUnderTest(numbered(10));
  const startedAt = relay.clock.now();
  const kill = killSwitch(3, 'before');
  await Promise.race([kill.killed, relay.run({}, kill, withinMs)]);
  const [open] = relay.state.stored.open.values();
  return { leaseMs: relay.state.stored.meta!.lease!.until - startedAt, sealMs: open!.sealAfter - startedAt };
}

test('lease and seal follow the later of the deadline and the setting', async () => {
  expect(await promisedBy(5 * minute)).toEqual({ leaseMs: 6 * minute, sealMs: 10 * minute });
  expect(await promisedBy(15 * minute)).toEqual({ leaseMs: 16 * minute, sealMs: 20 * minute });
  expect(await promisedBy(2 * minute)).toEqual({ leaseMs: 6 * minute, sealMs: 10 * minute });
});

test('of a function whose timeout was raised by hand, no run is swept or doubled while it is at work', async () => {
  const relay = slowly(180);
  const startedAt = relay.clock.now();
  const running = relay.run({}, killSwitch(), 15 * minute);
  const others: Promise<{ readonly kind: string }>[] = [];
  const sweeps: Promise<{ readonly counters: { readonly swept: number } }>[] = [];
  for (let passed = 5.5; passed < 15; passed += 3) {
    await relay.clock.sleep(startedAt + passed * minute - relay.clock.now(), new AbortController().signal);
    if (relay.state.stored.meta?.lease?.run !== 'run-1') break;
    others.push(relay.run());
    sweeps.push(relay.sweepNow());
  }
  await running;

  expect(others.length).toBeGreaterThan(0);
  expect((await Promise.all(others)).map(({ kind }) => kind)).toEqual(others.map(() => 'overlap'));
  expect((await Promise.all(sweeps)).map(({ counters }) => counters.swept)).toEqual(sweeps.map(() => 0));
  expect(relay.delivered('s3')).toEqual(upTo(180));
});

test('what such a run journals after its setting is delivered, also where it is killed then', async () => {
  const rehearsal = slowly(250);
  const watch = killSwitch();
  await rehearsal.run({}, watch, 15 * minute);
  const lastPut = watch.effects.lastIndexOf('journal.put');
  const relay = slowly(250);
  const kill = killSwitch(lastPut, 'after');
  const sweeps: Promise<unknown>[] = [];
  const startedAt = relay.clock.now();
  const running = relay.run({}, kill, 15 * minute);
  for (const passed of [6, 8, 10.5])
    void relay.clock
      .sleep(startedAt + passed * minute - relay.clock.now(), new AbortController().signal)
      .then(() => sweeps.push(relay.sweepNow()));
  await Promise.race([kill.killed, running]);
  expect(relay.clock.now() - startedAt).toBeGreaterThan(12 * minute);
  await Promise.all(sweeps);

  await relay.sweep();
  await relay.sweep();

  expect(relay.journal.stored.batches.size).toBe(25);
  expect(new Set(relay.delivered('s3'))).toEqual(new Set(upTo(250)));
});
