import { describe, expect, test } from 'vitest';
import { compare, envelope, id, line, relay, wrapped } from './comparison-case.ts';

describe('the comparison of what was generated with what destinations hold', () => {
  test('an event that every destination holds counts as delivered, and as nothing else', async () => {
    const events = ['{"a":1}', '{"a":2}'];
    const result = await compare({ generated: events, holdings: [events.map(line), events.map(envelope)] });
    expect(result).toMatchObject({ generated: 2, delivered: 2, missing: 0, duplicates: 0, quarantined: 0 });
    expect(result.destinations).toMatchObject([{ delivered: 2 }, { delivered: 2 }]);
  });

  test('an event that one of two destinations lacks is missing of the stream and of that one', async () => {
    const [first, second] = ['{"a":1}', '{"a":2}'];
    const result = await compare({
      generated: [first, second],
      holdings: [[line(first), line(second)], [line(first)]],
    });
    expect(result).toMatchObject({ delivered: 1, missing: 1 });
    expect(result.destinations).toMatchObject([
      { delivered: 2, missing: 0, missingEvents: [] },
      { delivered: 1, missing: 1, missingEvents: [{ id: id(second), journaled: true }] },
    ]);
  });

  test('what an operator has erased is neither delivered nor missing where it is gone, and counts as delivered elsewhere', async () => {
    const [kept, gone, lost] = ['{"a":1}', '{"a":2}', '{"a":3}'];
    const all = [kept, gone, lost];
    const batches = { generated: all, journaled: [lost], erased: [kept, gone] };

    const both = await compare({ ...batches, holdings: [[line(kept)], [line(kept)]] });
    const one = await compare({ ...batches, holdings: [[line(kept), line(lost)], all.map(line)] });

    expect(both).toMatchObject({ delivered: 1, missing: 1, erased: 1, unjournaled: 0, collected: 3 });
    expect(both.destinations).toMatchObject([
      { delivered: 1, missing: 1, erased: 1, missingEvents: [{ id: id(lost) }] },
      { delivered: 1, missing: 1, erased: 1 },
    ]);
    expect(one).toMatchObject({ delivered: 3, missing: 0, erased: 0 });
    expect(one.destinations).toMatchObject([
      { delivered: 2, erased: 1 },
      { delivered: 3, erased: 0 },
    ]);
  });

  test('a line that was erased while its batch stays is erased at that destination alone, and excuses no other copy', async () => {
    const [gone, lost] = ['{"a":1}', '{"a":2}'];
    const generated = [gone, gone, lost];
    const holdings = [generated.map(line), []];

    const result = await compare({ generated, holdings, erasedAtLast: [line(gone)] });
    const all = await compare({ generated, holdings, erasedAtLast: [line(gone), line(gone), line(lost)] });

    expect(result).toMatchObject({ missing: 3, erased: 0 });
    expect(all).toMatchObject({ delivered: 3, missing: 0, erased: 0 });
    expect(all.destinations).toMatchObject([{ delivered: 3 }, { delivered: 0, missing: 0, erased: 3 }]);
  });

  test('a destination is owed only what a run collected whose OPEN names it', async () => {
    const [first, second] = ['{"a":1}', '{"a":2}'];
    const both = { generated: [first, second], owedToLast: second };

    const sound = await compare({ ...both, holdings: [[line(first), line(second)], [line(second)]] });
    const lacking = await compare({ ...both, holdings: [[line(first), line(second)], [line(first)]] });

    expect(sound).toMatchObject({ delivered: 2, missing: 0 });
    expect(lacking).toMatchObject({ delivered: 1, missing: 1 });
  });

  test('further copies are duplicates, and identical events are not', async () => {
    const twin = '{"a":1}';
    const result = await compare({
      generated: [twin, twin],
      holdings: [[line(twin), line(twin), line(twin)]],
    });
    expect(result).toMatchObject({ generated: 2, delivered: 2, missing: 0, duplicates: 1 });
  });

  test('one copy of two identical events leaves one missing', async () => {
    const twin = '{"a":1}';
    const result = await compare({ generated: [twin, twin], holdings: [[line(twin)]] });
    expect(result).toMatchObject({ delivered: 1, missing: 1 });
  });

  test('an event that is only in quarantine counts as quarantined, for the destination that it was kept for', async () => {
    const [first, second] = ['{"a":1}', '{"a":2}'];
    const result = await compare({
      generated: [first, second],
      holdings: [[line(first), line(second)], []],
      quarantined: [
        [first, undefined],
        [second, 'to-1'],
      ],
    });
    expect(result).toMatchObject({ delivered: 0, quarantined: 2, missing: 0 });
    expect(result.destinations).toMatchObject([
      { delivered: 2, quarantined: 0, missing: 0 },
      { delivered: 0, quarantined: 2, missing: 0 },
    ]);
  });

  test('an event whose bytes were changed is altered and missing, whatever its id says', async () => {
    const event = '{"n":12345678901234567890}';
    const changed = line(event).replace('12345678901234567890', '12345678901234567000');
    const result = await compare({ generated: [event], holdings: [[changed]] });
    expect(result).toMatchObject({ delivered: 0, missing: 1 });
    expect(result.destinations).toMatchObject([{ altered: 1 }]);
  });

  test('an event that was never generated and a line without an id are told apart', async () => {
    const result = await compare({ generated: [], holdings: [[line('{"a":1}'), '{"a":1}', 'text']] });
    expect(result.destinations).toMatchObject([{ foreign: 1, altered: 2, delivered: 0, duplicates: 0 }]);
  });

  test('line breaks outside strings may arrive as spaces', async () => {
    const event = '{"a":\r\n1}';
    const delivered = line(event).replace('\r\n', '  ');
    expect(await compare({ generated: [event], holdings: [[delivered]] })).toMatchObject({ delivered: 1 });
  });

  test.each([
    ['an event with a _relay of its own', '{"_relay":{"id":"x"},"a":1}', wrapped],
    ['an element that is no object', '[1,{"event":2}]', wrapped],
    ['an event that only looks wrapped', '{"event":{"a":1}}', line],
    ['an empty event', '{}', () => `{${relay('{}')}}`],
    ['an empty event with a space', '{ }', () => `{ ${relay('{ }')}}`],
    ['an event with every spelling of our members', '{"event":1,"fields":{"event_id":"x"}}', envelope],
  ])('%s is recognised', async (_, event, deliver) => {
    expect(await compare({ generated: [event], holdings: [[deliver(event)]] })).toMatchObject({
      delivered: 1,
      missing: 0,
    });
  });

  test('the longest wait is from the event’s own time to its collection', async () => {
    const event = '{"timestamp":"2026-03-01T00:00:00.000Z"}';
    const result = await compare({ generated: [event], holdings: [[line(event)]] });
    expect(result.destinations[0]?.longestWaitMs).toBe(90_000);
  });
});
