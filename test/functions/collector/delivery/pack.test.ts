import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  billedSize,
  packLines,
  recordLimitBytes,
  recordsInCall,
} from '../../../../functions/collector/delivery/pack.ts';

const lineSizes = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: fc.integer({ min: 150, max: 6_000 }) },
    { weight: 1, arbitrary: fc.integer({ min: 6_000, max: recordLimitBytes }) },
  ),
  { maxLength: 1_000, size: 'max' },
);

test('records hold every line once, in order, within 500 lines and 1,000 KiB', () => {
  fc.assert(
    fc.property(lineSizes, (sizes) => {
      const { records, counts } = packed(sizes);
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(sizes.length);
      expect(Math.min(1, ...counts)).toBe(1);
      expect(Math.max(0, ...counts)).toBeLessThanOrEqual(500);
      expect(Math.max(0, ...records)).toBeLessThanOrEqual(recordLimitBytes);
    }),
    { numRuns: 200 },
  );
});

test('only a line that is large itself makes a record above 512 KiB', () => {
  fc.assert(
    fc.property(lineSizes, (sizes) => {
      const { records, counts } = packed(sizes);
      for (const [i, size] of records.entries()) if (size > 512 * 1024) expect(counts[i]).toBe(1);
    }),
    { numRuns: 200 },
  );
});

test('a batch of lines of up to 6 KB is billed at most one step above what cannot be avoided', () => {
  const sizes = fc.array(fc.integer({ min: 150, max: 6_000 }), { maxLength: 600, size: 'max' });
  fc.assert(
    fc.property(sizes, (lines) => {
      const billed = packed(lines).records.reduce((sum, size) => sum + billedSize(size), 0);
      expect(billed).toBeLessThanOrEqual(leastBilled(lines) + 5_120);
    }),
    // Trying all partings again and again to shrink a failure would take minutes.
    { numRuns: 100, endOnFailure: true },
  );
});

test('a call holds at most 500 records and 4 MiB of encoded body', () => {
  const sizes = fc.array(fc.oneof(fc.integer({ min: 0, max: 9_000 }), fc.constant(recordLimitBytes)), {
    maxLength: 1_200,
    size: 'max',
  });
  fc.assert(
    fc.property(sizes, (records) => {
      const calls = inCalls(records.map(recordOf));
      expect(calls.flat().map((record) => record.length)).toEqual(records);
      for (const call of calls) {
        expect(bodyBytes(call)).toBeLessThanOrEqual(4 * 1024 * 1024);
        expect(call.length).toBeLessThanOrEqual(500);
      }
    }),
    { numRuns: 100 },
  );
});

test('three records of 1,000 KiB go in one call', () => {
  const records = Array.from({ length: 4 }, () => recordOf(recordLimitBytes));
  expect(inCalls(records).map((call) => call.length)).toEqual([3, 1]);
});

test('a call holds no more than it may, and one record always', () => {
  const records = [100, 50, 60, 300, 10].map(recordOf);
  expect(inCalls(records, 150).map((call) => call.map(({ length }) => length))).toEqual([
    [100, 50],
    [60],
    [300],
    [10],
  ]);
});

function inCalls(records: readonly Uint8Array[], mostBytes = Number.POSITIVE_INFINITY): Uint8Array[][] {
  const calls: Uint8Array[][] = [];
  for (let at = 0; at < records.length; at += calls.at(-1)!.length)
    calls.push(records.slice(at, at + recordsInCall(records.slice(at), mostBytes)));
  return calls;
}

function packed(sizes: readonly number[]): { records: number[]; counts: number[] } {
  let at = 0;
  const ends = Uint32Array.from(sizes, (size) => (at += size));
  const lasts = packLines(ends);
  const counts = lasts.map((last, i) => last - (lasts[i - 1] ?? 0));
  const records = lasts.map((last, i) => ends[last - 1]! - (i === 0 ? 0 : ends[lasts[i - 1]! - 1]!));
  return { records, counts };
}

/** The least that any parting into records of at most 512 KiB and 500 lines costs, found by trying them all. */
function leastBilled(sizes: readonly number[]): number {
  const least = [0];
  for (let end = 1; end <= sizes.length; end++) {
    let size = 0;
    least[end] = Number.POSITIVE_INFINITY;
    for (let first = end - 1; first >= 0 && end - first <= 500; first--) {
      size += sizes[first]!;
      if (size > 512 * 1024) break;
      least[end] = Math.min(least[end]!, least[first]! + billedSize(size));
    }
  }
  return least[sizes.length]!;
}

const zeros = new Uint8Array(recordLimitBytes);

function recordOf(size: number): Uint8Array {
  return zeros.subarray(0, size);
}

/** Of PutRecordBatch, with a delivery stream's name as long as it may be. */
function bodyBytes(call: readonly Uint8Array[]): number {
  const frame = JSON.stringify({
    DeliveryStreamName: 'n'.repeat(64),
    Records: call.map(() => ({ Data: '' })),
  });
  return call.reduce((sum, record) => sum + 4 * Math.ceil(record.length / 3), frame.length);
}
