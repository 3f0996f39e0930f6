import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createFingerprints, marks } from '../../../../functions/collector/witness/fingerprints.ts';

/** Few distinct ids, many of them alike in either word, one of them all zeros. */
const id = fc
  .tuple(fc.constantFrom('00000000', '00000001', 'ffffffff', '9abcdef0'), fc.nat({ max: 7 }))
  .map(([high, low]) => `${high}${low.toString(16).padStart(8, '0')}${'0'.repeat(16)}`);

const idsOf = (ids: readonly string[]): Uint8Array => Buffer.from(ids.join(''), 'latin1');

/** 0 and 1 as the low word count as one. */
const asKept = (one: string): string => one.slice(0, 16).replace(/00000000$/, '00000001');

test('it holds what a set holds, and what is marked is no longer missing', () => {
  fc.assert(
    fc.property(fc.array(id), fc.array(id), (added, present) => {
      const table = createFingerprints(1);
      for (const index of added.keys()) table.add(idsOf(added), index);
      for (const index of present.keys()) table.mark(idsOf(present), index, marks.present);

      const expected = new Set(added.map(asKept));
      expect(table.size).toBe(expected.size);
      for (const one of present) expected.delete(asKept(one));
      expect(table.missing).toBe(expected.size);
      for (const [index, one] of added.entries()) {
        const mark = expected.has(asKept(one)) ? marks.missing : marks.present;
        expect(table.markOf(idsOf(added), index)).toBe(mark);
      }
    }),
  );
});

test('a mark is only overruled by a greater one', () => {
  const table = createFingerprints();
  const ids = idsOf(['0123456789abcdef0123456789abcdef']);
  table.add(ids, 0);
  table.mark(ids, 0, marks.recovered);
  expect([table.missing, table.recovered]).toEqual([0, 1]);
  table.mark(ids, 0, marks.present);
  table.mark(ids, 0, marks.recovered);

  expect([table.missing, table.recovered, table.markOf(ids, 0)]).toEqual([0, 0, marks.present]);
});

test('the digest of what is missing does not depend on the order in which it came', () => {
  const ids = Array.from({ length: 3_000 }, (_, n) =>
    (n * 0x9e3779b1).toString(16).padStart(16, '0').padEnd(32, '0'),
  );
  const digestOf = (order: readonly string[], expected: number): string => {
    const table = createFingerprints(expected);
    const bytes = idsOf(order);
    for (const index of order.keys()) table.add(bytes, index);
    return table.missingDigest();
  };

  expect(digestOf(ids.toReversed(), 16)).toBe(digestOf(ids, 5_000));
  expect(digestOf(ids.slice(1), 16)).not.toBe(digestOf(ids, 16));
});
