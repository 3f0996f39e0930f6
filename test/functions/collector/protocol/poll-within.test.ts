import { expect, test } from 'vitest';
import { relayUnderTest } from './relay-under-test.ts';

const events = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => `{"n":${from + index}}`);

test('a run that polls collects what was raised after it had drained', async () => {
  const relay = relayUnderTest(events(0, 5));
  const { queue, script } = relay.source.stored;
  // The third ask would have ended the run: two empty answers are drained.
  script.push(
    () => undefined,
    () => undefined,
    () => undefined,
    () => {
      queue.push(...events(5, 8));
      return undefined;
    },
  );

  await relay.run({ pollWithin: 10 });

  expect(relay.delivered('s3')).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
});

test('a run polls until the minute that it began in is over, and not beyond', async () => {
  const relay = relayUnderTest([]);
  const startedAt = relay.clock.now();

  await relay.run({ pollWithin: 10 });

  // Two empty answers each at 0, 10, 20, 30, 40 and 50 seconds.
  expect(relay.source.stored.requests).toHaveLength(12);
  expect(relay.clock.now() - startedAt).toBeLessThan(60_000);
});
