import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { systemClock } from '../../../../functions/collector/adapters/system-clock.ts';

const never = new AbortController().signal;

test('a sleep of 0 lets go first what is sent in the second turn, however late the loop is', async () => {
  const order: string[] = [];
  const sent = nextTurn()
    .then(() => nextTurn())
    .then(() => order.push('sent'));
  const slept = systemClock.sleep(0, never).then(() => order.push('slept'));
  const until = performance.now() + 5;
  while (performance.now() < until);
  await Promise.all([sent, slept]);
  expect(order).toEqual(['sent', 'slept']);
});

test('a sleep ends at once when it is aborted', async () => {
  const aborted = new AbortController();
  const slept = systemClock.sleep(60_000, aborted.signal);
  aborted.abort();
  await slept;
  await systemClock.sleep(60_000, aborted.signal);
});
