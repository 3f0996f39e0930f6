import { expect, test } from 'vitest';
import { watchRun } from '../../../local/run/watch.ts';
import type { World } from '../../../local/world.ts';
import type { WorldStream } from '../../../local/world-streams.ts';

const stream = {
  name: 'relay-cis',
  type: 'cis',
  destinations: [{ deliveryStream: 'to-siem' }],
} as unknown as WorldStream;

test('progress is never below nothing and never goes backwards, also when the id of a stream is replaced', () => {
  // Raised, waiting under all ids, bytes put and bytes delivered, one moment after the other.
  const moments = [
    [100, 150, 0, 0],
    [100, 40, 10, 10],
    [100, 90, 100, 10],
    [120, 0, 100, 100],
  ] as const;
  let moment: (typeof moments)[number] = moments[0];
  const world = {
    clock: { now: () => 0 },
    firehose: { stats: () => ({ rawBytes: moment[2], deliveredBytes: moment[3] }) },
  } as unknown as World;
  const source = { generated: () => moment[0], waiting: () => moment[1] };
  const watch = watchRun({ world, streams: [stream], source });

  const shown = moments.map((one) => {
    moment = one;
    return watch.progress().map(({ collected, delivered }) => [collected, delivered]);
  });

  expect(shown).toEqual([[[0, 0]], [[60, 60]], [[60, 60]], [[120, 120]]]);
});
