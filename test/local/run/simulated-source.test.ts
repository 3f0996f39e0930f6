import type { Simulator } from '@mosaic-relay/mosaic-simulator';
import { expect, test } from 'vitest';
import { simulatedSource } from '../../../local/run/simulated-source.ts';
import { createStreamIds } from '../../../local/run/stream-ids.ts';
import type { WorldStream } from '../../../local/world-streams.ts';

const entry = (index: number, fate: 'answered' | 'waiting' | 'lost') => ({
  index,
  id: `event-${index}`,
  bytes: Buffer.from(`${index}`),
  fate,
  cause: undefined,
  call: 0,
});
const ledgers: Readonly<Record<string, readonly ReturnType<typeof entry>[]>> = {
  'admin/old': [entry(0, 'answered'), entry(1, 'lost'), entry(2, 'waiting'), entry(3, 'waiting')],
  'admin/new': [entry(2, 'answered'), entry(3, 'lost')],
};
const simulator = {
  ledger: (key: string) => ledgers[key] ?? [],
  generated: (key: string) => (ledgers[key] ?? []).map(({ bytes }) => bytes),
} as Partial<Simulator> as Simulator;
const stream = (id: string) => ({ name: 'admin', type: 'admin', id }) as WorldStream;

test('a stream whose id was replaced is one: the old id owes what was raised before the new one', () => {
  const ids = createStreamIds();
  ids.learn([stream('old')]);
  ids.learn([stream('new')]);
  const source = simulatedSource(simulator, ids);

  const fates = [...source.ledger(stream('new'))].map(({ index, fate }) => `${index} ${fate}`);

  expect(fates).toEqual(['0 answered', '1 lost', '2 answered', '3 lost']);
  expect([...source.rawEvents(stream('new'))].map(String)).toEqual(['0', '1', '2', '3']);
});

test('a stream that keeps its id owes the events that it was given', () => {
  const source = simulatedSource(simulator);
  expect([...source.ledger(stream('new'))].map(({ index }) => index)).toEqual([2, 3]);
  expect([...source.rawEvents(stream('new'))].map(String)).toEqual(['2', '3']);
});
