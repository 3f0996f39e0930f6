import { describe, expect, test } from 'vitest';
import { eventTypes } from '../event-types.ts';
import { createEventWriter } from '../events/event-bytes.ts';
import { type EventStyle, eventText } from '../events/event-text.ts';

const style: EventStyle = {
  seed: 1,
  averageBytes: 1200,
  snakeParams: false,
  pretty: false,
  large: false,
  oversize: false,
  unreadableTimestamps: false,
};
const firstAt = Date.UTC(2026, 2, 1);

function eventsOf(type: (typeof eventTypes)[number], count: number, variety?: number): readonly Buffer[] {
  const { bytesOf } = createEventWriter(style, variety);
  return Array.from({ length: count }, (_, index) =>
    bytesOf({ type, index, timestamp: firstAt + index * 1000, enriched: false }),
  );
}

describe.each(eventTypes)('%s events of little variety', (type) => {
  test('differ from the first ones of their kind in id and timestamp alone', () => {
    const [events, originals] = [eventsOf(type, 500, 50), eventsOf(type, 50)];
    const id = /00000001-[0-9a-f]{4}-4000-8000-[0-9a-f]{12}/g;
    const stamped = /"timestamp":"[^"]*"/;
    const general = (bytes: Buffer) => bytes.toString().replace(id, 'ID').replace(stamped, 'TIME');

    expect(events.slice(0, 50)).toEqual(originals);
    expect(events.map(general)).toEqual(events.map((_, index) => general(originals[index % 50]!)));
    expect(events.map((bytes) => Date.parse(JSON.parse(bytes.toString()).timestamp))).toEqual(
      events.map((_, index) => firstAt + index * 1000),
    );
  });

  test('are never twice the same, and carry their number', () => {
    const { numberIn } = createEventWriter(style, 50);
    const events = eventsOf(type, 2000, 50);

    expect(new Set(events.map((bytes) => bytes.toString())).size).toBe(2000);
    expect(events.map((bytes) => numberIn(type, bytes))).toEqual(events.map((_, index) => index));
  });

  test('without variety are those of the seed, and carry their number too', () => {
    const { numberIn } = createEventWriter(style);
    const events = eventsOf(type, 100);

    expect(events.map(String)).toEqual(
      events.map((_, index) =>
        eventText(style, { type, index, timestamp: firstAt + index * 1000, enriched: false }),
      ),
    );
    expect(events.map((bytes) => numberIn(type, bytes))).toEqual(events.map((_, index) => index));
  });
});

test('bytes of another seed, of another type, or of none carry no number', () => {
  const { numberIn } = createEventWriter(style);
  const [event] = eventsOf('cis', 1);

  expect(numberIn('risk', event!)).toBeUndefined();
  expect(createEventWriter({ ...style, seed: 2 }).numberIn('cis', event!)).toBeUndefined();
  expect(numberIn('cis', Buffer.from('{}'))).toBeUndefined();
});
