import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createDeliveryFlow } from '../../../../functions/collector/delivery/flow.ts';
import { SinkRefused } from '../../../../functions/collector/protocol/ports/sink.ts';
import { numbered, relayUnderTest, upTo } from '../protocol/relay-under-test.ts';
import { createSteppingClock } from '../protocol/stepping-clock.ts';

const never = new AbortController().signal;
const quota = 1_000;

function flowOn(clock = createSteppingClock(), share?: () => number) {
  return { clock, flow: createDeliveryFlow(quota, { clock, signal: never, share }) };
}

describe('the rate', () => {
  test('is the quota on the average, the first call goes at once, and no call before what it followed is paid for', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: quota }), { minLength: 1, maxLength: 30 }),
        async (calls) => {
          const { clock, flow } = flowOn();
          const startedAt = clock.now();
          let before = 0;
          for (const bytes of calls) {
            await flow.wait(bytes);
            const elapsedMs = clock.now() - startedAt;
            expect(elapsedMs).toBeGreaterThanOrEqual((before / quota) * 1_000 - 1e-3);
            expect(elapsedMs).toBeLessThanOrEqual((before / quota) * 1_000 + 1e-3);
            before += bytes;
          }
        },
      ),
      { numRuns: 50 },
    );
  });

  test('is not caught up on after a pause', async () => {
    const { clock, flow } = flowOn();
    await flow.wait(quota);
    clock.set(clock.now() + 60_000);
    const startedAt = clock.now();
    for (let call = 0; call < 3; call++) await flow.wait(quota);

    expect(clock.now() - startedAt).toBe(2_000);
  });

  test('does not count what Firehose did not take', async () => {
    const { clock, flow } = flowOn();
    const startedAt = clock.now();
    await flow.wait(quota);
    flow.returned(quota);
    await flow.wait(quota);
    flow.returned(quota / 2);
    await flow.wait(1);

    expect(clock.now() - startedAt).toBe(500);
  });

  test('follows the share of the quota as it changes', async () => {
    let share = 1;
    const { clock, flow } = flowOn(undefined, () => share);
    const startedAt = clock.now();
    const times: number[] = [];
    for (const next of [0.5, 0.5, 1, 1]) {
      await flow.wait(quota);
      times.push(clock.now() - startedAt);
      share = next;
    }

    expect(times).toEqual([0, 1_000, 3_000, 5_000]);
  });

  test('is kept when the clock is put back: no wait is longer than what went before', async () => {
    const { clock, flow } = flowOn();
    await flow.wait(quota);
    clock.set(clock.now() - 3_600_000);
    const startedAt = clock.now();
    await flow.wait(quota);

    expect(clock.now() - startedAt).toBeLessThanOrEqual(1_000);
  });

  test('ends its waits when the time is over', async () => {
    const over = new AbortController();
    const clock = createSteppingClock();
    const flow = createDeliveryFlow(quota, { clock, signal: over.signal });
    await flow.wait(100 * quota);
    over.abort();
    const startedAt = clock.now();
    await flow.wait(1);

    expect(clock.now()).toBe(startedAt);
  });
});

describe('the size of a call', () => {
  test('is never above the quota, and halves when a call is throttled whole, down to nothing but one record', () => {
    const { flow } = flowOn();
    const sizes: number[] = [];
    for (let call = 0; call < 12; call++) {
      sizes.push(flow.callBytes);
      flow.throttled(flow.callBytes);
    }

    expect(sizes.slice(0, 4)).toEqual([1_000, 500, 250, 125]);
    expect(sizes.at(-1)).toBe(1);
  });

  test('is half of the call that was throttled, where that was smaller than it might have been', () => {
    const { flow } = flowOn();
    flow.throttled(100);

    expect(flow.callBytes).toBe(50);
  });

  test('grows with each call that is taken, back to the quota', () => {
    const { flow } = flowOn();
    for (let call = 0; call < 12; call++) flow.throttled(flow.callBytes);
    const sizes = Array.from({ length: 10 }, () => {
      flow.taken();
      return flow.callBytes;
    });

    expect(sizes).toEqual([126, 251, 376, 501, 626, 751, 876, 1_000, 1_000, 1_000]);
  });

  test('stays within its bounds whatever happens', () => {
    const step = fc.oneof(fc.constant('taken' as const), fc.integer({ min: 1, max: 4 * quota }));
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const { flow } = flowOn();
        for (const each of steps) {
          if (each === 'taken') flow.taken();
          else flow.throttled(each);
          expect(flow.callBytes).toBeGreaterThanOrEqual(1);
          expect(flow.callBytes).toBeLessThanOrEqual(quota);
        }
      }),
    );
  });
});

describe('a delivery stream that throttles every call above a size', () => {
  const slowDown = () =>
    new SinkRefused('slow down', { throttled: true, name: 'ServiceUnavailableException' });
  const bytesOf = (records: readonly Uint8Array[]): number =>
    records.reduce((sum, { length }) => sum + length, 0);

  test.each(['lines', 'single'] as const)('gets everything within the run (%s)', async (packing) => {
    const relay = relayUnderTest(numbered(3_000), ['s3'], undefined, {
      packing,
      quotaBytesPerSecond: 100_000,
    });
    const sizes: number[] = [];
    relay.sinks.s3!.stored.answer = (records) => {
      sizes.push(bytesOf(records));
      // Lines are packed into records of up to the quota, below which no call can go.
      return bytesOf(records) > (packing === 'single' ? 20_000 : 70_000) && records.length > 1
        ? slowDown()
        : undefined;
    };

    const report = await relay.run({ batchSize: 1_000 });

    expect(relay.delivered('s3')).toEqual(upTo(3_000));
    expect(report).toMatchObject({ left: {} });
    expect(Math.max(...sizes)).toBeLessThanOrEqual(100_000);
  });

  test('and takes nothing but single records gets them one by one', async () => {
    const relay = relayUnderTest(numbered(50), ['s3'], undefined, { packing: 'single' });
    relay.sinks.s3!.stored.answer = (records) => (records.length > 1 ? slowDown() : undefined);

    await relay.run();

    expect(relay.delivered('s3')).toEqual(upTo(50));
  });
});
