import { describe, expect, test } from 'vitest';
import { compare, id, later, line, lineLater } from './comparison-case.ts';

describe('the comparison of what was delivered with the journal', () => {
  test('an event that was never journaled is told from one that was', async () => {
    const [first, second] = ['{"a":1}', '{"a":2}'];
    const result = await compare({ generated: [first, second], holdings: [[]], journaled: [second] });
    expect(result).toMatchObject({ generated: 2, collected: 1, missing: 2 });
    expect(result.destinations[0]?.missingEvents).toEqual([
      { id: id(first), journaled: false },
      { id: id(second), journaled: true },
    ]);
  });

  test('an event that was delivered and never journaled is unjournaled, with its batch', async () => {
    const [first, second, third] = ['{"a":1}', '{"a":2}', '{"a":3}'];
    const result = await compare({
      generated: [first, second, third],
      journaled: [first],
      holdings: [
        [line(first), lineLater(second), lineLater(third), lineLater(third)],
        [line(first), lineLater(second), lineLater(third)],
      ],
    });
    expect(result).toMatchObject({ journaled: 1, delivered: 3, unjournaled: 2, missing: 0 });
    expect(result.unjournaledBatches).toEqual([
      { collectedAt: Date.parse(later), ids: [id(second), id(third)] },
    ]);
  });

  test('an event that its own batch’s journal object does not hold is unjournaled', async () => {
    const [first, second] = ['{"a":1}', '{"a":2}'];
    const held = [line(first), line(second)];
    const result = await compare({ generated: [first, second], journaled: [first], holdings: [held] });
    expect(result).toMatchObject({
      journaled: 1,
      unjournaled: 1,
      unjournaledBatches: [{ ids: [id(second)] }],
    });
  });

  test('of identical events, the one that was not journaled is unjournaled; a further copy of one that was is not', async () => {
    const twin = '{"a":1}';
    const twins = { generated: [twin, twin], journaled: [twin] };
    expect(await compare({ ...twins, holdings: [[line(twin), lineLater(twin)]] })).toMatchObject({
      ...{ journaled: 1, delivered: 2, unjournaled: 1 },
      unjournaledBatches: [{ collectedAt: Date.parse(later) }],
    });
    expect(await compare({ ...twins, holdings: [[line(twin), line(twin)]] })).toMatchObject({
      ...{ journaled: 1, unjournaled: 0, unjournaledBatches: [] },
    });
  });

  test('an event that the journal need not hold any more is not looked for there', async () => {
    const [first, second] = ['{"a":1}', '{"a":2}'];
    const held = [line(first), lineLater(second)];
    const result = await compare({
      generated: [first, second],
      journaled: [],
      holdings: [held],
      keptSince: later,
    });
    expect(result).toMatchObject({ collected: 2, journaled: 0, delivered: 2, unjournaled: 1 });
  });

  test('an event in an answer that is no array counts as journaled, and a text that only looks like one does not', async () => {
    const [first, second] = ['{"a":1}', '{"a":2}'];
    const damaged = { generated: [first, second], journaled: [second], inDamaged: [first, '{"b":1}'] };
    expect(await compare({ ...damaged, holdings: [[line(first), line(second)]] })).toMatchObject({
      ...{ generated: 2, collected: 2, journaled: 2, delivered: 2, unjournaled: 0 },
    });
  });

  test('where the generated events are unknown, an event that was delivered and never journaled is found by its own id', async () => {
    const [first, second] = ['{"a":1}', '{"a":2}'];
    const altered = line('{"a":3}').replace('3', '4');
    const held = [line(first), lineLater(second), altered];
    const result = await compare({ generated: undefined, holdings: [held, held], journaled: [first] });
    expect(result).toMatchObject({
      journaled: 1,
      unjournaled: 1,
      unjournaledBatches: [{ ids: [id(second)] }],
    });
  });

  test('an event that was delivered without a journal was collected all the same', async () => {
    const events = ['{"a":1}', '{"a":2}'];
    const result = await compare({ generated: events, holdings: [events.map(line)], journaled: ['{"a":1}'] });
    expect(result).toMatchObject({ collected: 2, missing: 0 });
  });

  test('an event that was never journaled is owed to those too that are owed what runs name them for', async () => {
    const [first, second] = ['{"a":1}', '{"a":2}'];
    const only = { generated: [first, second], journaled: [second], owedToLast: second };
    expect(await compare({ ...only, holdings: [[line(second)]] })).toMatchObject({
      delivered: 1,
      missing: 1,
    });
    expect(await compare({ ...only, holdings: [[line(first), line(second)]] })).toMatchObject({
      delivered: 2,
    });
  });

  test('where the generated events are unknown, the collected ones are owed', async () => {
    const [first, second] = ['{"a":1}', '{"a":2}'];
    const result = await compare({
      generated: undefined,
      holdings: [[line(first), line(second)], [line(second)]],
      journaled: [first, second],
    });
    expect(result).toMatchObject({ generated: 2, collected: 2, delivered: 1, missing: 1 });
    expect(result.destinations[1]).toMatchObject({ missingEvents: [{ id: id(first), journaled: true }] });
  });
});
