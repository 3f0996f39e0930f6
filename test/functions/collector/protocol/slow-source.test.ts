import { expect, test } from 'vitest';
import { raiseEvents } from './raised-events.ts';
import { type RelayUnderTest, relayUnderTest, upTo } from './relay-under-test.ts';
import { tick } from './ticks.ts';

const minute = 60_000;
const hour = 60 * minute;

/** Takes longer than a collect may for more than so many events. */
function raiseSlowly(relay: RelayUnderTest, raisedAt: readonly number[], inTime: () => number): void {
  raiseEvents(relay, { raisedAt, answerMs: (events) => (events > inTime() ? 70_000 : 150) });
}

function missing(relay: RelayUnderTest, count: number): readonly number[] {
  const delivered = new Set(relay.delivered('s3'));
  return upTo(count).filter((n) => !delivered.has(n));
}

test('a source that comes to answer 50 events in time loses 1,100 on the way down, and one batch an hour', async () => {
  const relay = relayUnderTest([]);
  const startedAt = relay.clock.now();
  // Bursts of 2,000, with twenty minutes of nothing between them.
  const raisedAt = Array.from({ length: 24_000 }, (_, n) => startedAt + Math.floor(n / 2_000) * 20 * minute);
  raiseSlowly(relay, raisedAt, () => 50);

  const { runs } = await tick(relay, { durationMs: 4.5 * hour });

  const lost = missing(relay, 24_000);
  const times = runs.flatMap((run) =>
    run.kind === 'ended' && run.record.code === 'OutcomeUnknown' ? [run.record.startedAt - startedAt] : [],
  );
  expect(lost.filter((n) => n < 6_000).length).toBeLessThanOrEqual(1_100);
  expect(lost.length).toBeLessThanOrEqual(1_100 + 4 * 100);
  expect(times.filter((at) => at >= hour).length).toBeLessThanOrEqual(4);
  expect(relay.told()).toBe(times.length);
});

test('and is asked for full batches within two hours of being well again', async () => {
  const relay = relayUnderTest([]);
  const startedAt = relay.clock.now();
  const wellAt = startedAt + hour;
  const raisedAt = Array.from(
    { length: 36 * 1_500 },
    (_, n) => startedAt + Math.floor(n / 1_500) * 5 * minute,
  );
  raiseSlowly(relay, raisedAt, () => (relay.clock.now() < wellAt ? 50 : 1_000));

  await tick(relay, { durationMs: 3 * hour + minute });

  expect(relay.source.stored.requests.at(-1)!.batchSize).toBe(1_000);
  expect(missing(relay, raisedAt.length).length).toBeLessThanOrEqual(1_200);
});
