import { createVirtualClock } from '@mosaic-relay/cdk-loopback';
import { expect, onTestFinished, test } from 'vitest';
import { startedAt, startMosaic } from './start.ts';

const tenMinutes = 600_000;

/** A caller that is busy, and waits for nothing but the simulator. */
async function startWaiting(options: Parameters<typeof startMosaic>[0]) {
  const clock = createVirtualClock({ startAt: startedAt });
  onTestFinished(() => clock.close());
  const mosaic = await startMosaic({ ...options, clock });
  const port = Number(new URL(mosaic.simulator.url).port);
  const rested = async <T>(call: Promise<T>): Promise<T> => {
    let end = (): void => undefined;
    const rest = (): void => {
      end = clock.rest({ until: Number.POSITIVE_INFINITY, ports: [port], onMoved: rest });
    };
    rest();
    return await clock.busy(call).finally(() => end());
  };
  return { ...mosaic, clock, rested };
}

test('an answer takes its latency by the clock, and holds what was raised meanwhile', async () => {
  const { simulator, clock, rested, open, read } = await startWaiting({ latencyMs: tenMinutes });
  await rested(open('cis', 'a'));
  const before = clock.now();
  clock.at(before + tenMinutes / 2, () => simulator.generate('cis', 3));

  expect(await rested(read('cis', 'a'))).toHaveLength(3);
  expect(clock.now() - before).toBeGreaterThanOrEqual(tenMinutes);
  expect(clock.now() - before).toBeLessThan(2 * tenMinutes);
});

test('a delay of one call is by the clock too', async () => {
  let delayMs = 0;
  const { clock, rested, open, read } = await startWaiting({ interfere: () => ({ delayMs }) });
  await clock.busy(open('cis', 'a'));
  const before = clock.now();
  delayMs = tenMinutes;

  await rested(read('cis', 'a'));

  expect(clock.now() - before).toBeGreaterThanOrEqual(tenMinutes);
});
