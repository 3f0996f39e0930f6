import { expect, test } from 'vitest';
import { cutEvents } from '../../../../functions/collector/answers/cut-events.ts';
import { createLineFormat } from '../../../../functions/collector/delivery/formats/line-formats.ts';
import { prepareRecords } from '../../../../functions/collector/delivery/prepare-records.ts';
import { readEventNumbers } from '../../../../lab/soak/load/event-numbers.ts';
import { eventsOf, measureLines } from '../../../../lab/soak/load/line-sizes.ts';

const pattern = { type: 'cis', seed: 3, averageBytes: 1_000, variety: 64 } as const;
const events = await eventsOf(pattern, 200);
const answer = Buffer.from(`[${events.map((event) => Buffer.from(event)).join(',')}]`);
const numbers = readEventNumbers(3, 'cis');
const everyNumber = Array.from({ length: 200 }, (_, index) => index);

test('the events of an answer are told by their numbers, each once and in order', () => {
  expect(numbers.ofAnswer(answer)).toEqual(everyNumber);
  expect(numbers.ofAnswer(Buffer.from('[]'))).toEqual([]);
});

test('the lines that the collector puts have the numbers and lengths that were measured beforehand', async () => {
  const cut = cutEvents(answer);
  if ('damaged' in cut) throw new Error(cut.message);
  const shape = { format: createLineFormat('relay-line', 'dev'), packing: 'lines' } as const;
  const facts = { type: 'cis', stream: 'relay-cis', collectedAt: 1_772_000_300_000 };
  const { records, rawBytes } = prepareRecords(cut, facts, shape);
  const lines = records.flatMap((record) => numbers.ofLines(Buffer.from(record)));
  const destination = { format: 'relay-line', packing: 'lines' } as const;
  const sizes = await measureLines(pattern, destination, { stream: 'relay-cis', stage: 'dev' });

  expect(lines.map(({ event }) => event)).toEqual(everyNumber);
  expect(lines.map(({ bytes }) => bytes)).toEqual(everyNumber.map(sizes.of));
  expect(sizes.upTo(200)).toBe(rawBytes);
  expect(sizes.upTo(0)).toBe(0);
});

test('a line without an event of the run is no line to count', () => {
  expect(() => numbers.ofLines(Buffer.from('{"another":"line"}\n'))).toThrow('holds no event');
});
