import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createCounts, createIdTable } from '../../../local/run/id-table.ts';

describe('the table of event ids', () => {
  test('numbers ids as a map would, however alike they are', () => {
    // Few distinct words make equal first words, and so long probes, likely.
    const word = fc.constantFrom('00000000', '00000010', 'ffffffff', '12345678');
    const id = fc.tuple(word, word, word, word).map((words) => words.join(''));
    fc.assert(
      fc.property(fc.array(id, { maxLength: 300 }), (ids) => {
        const table = createIdTable(1);
        const model = new Map<string, number>();
        for (const one of ids) {
          expect(table.find(one)).toBe(model.get(one) ?? -1);
          if (!model.has(one)) model.set(one, model.size);
          expect(table.add(one)).toBe(model.get(one));
        }
        expect(table.size).toBe(model.size);
        for (const [one, index] of model) expect(table.idAt(index)).toBe(one);
      }),
      { numRuns: 60 },
    );
  });

  test('refuses a text that is no id', () => {
    expect(() => createIdTable().add('abc')).toThrow('"abc" is no event id');
  });

  test('counts grow with the numbers', () => {
    const counts = createCounts();
    counts.add(5_000);
    counts.add(5_000);
    expect([counts.of(5_000), counts.of(0), counts.of(1_000_000)]).toEqual([2, 0, 0]);
  });
});
