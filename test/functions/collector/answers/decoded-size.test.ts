import { constants, createZstdCompress, gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Answer } from '../../../../functions/answer.ts';
import { compressAnswer, decodeAnswer } from '../../../../functions/collector/answers/decode-answer.ts';
import { decodedSize } from '../../../../functions/collector/answers/decoded-size.ts';

const mebibyte = 1_024 * 1_024;

/** Around each place where zstd's header takes another form, and some sizes in between. */
const sizes = fc.oneof(
  fc.nat(600),
  fc.constantFrom(0, 1, 255, 256, 257, 65_535, 65_536, 65_791, 65_792, 65_793, 131_072),
  fc.nat(300_000),
);
/** Content that compresses well, and content that does not. */
const content = fc.record({ size: sizes, step: fc.constantFrom(0, 1, 7_919) }).map(({ size, step }) => {
  const bytes = new Uint8Array(size);
  for (let at = 0, value = 1; at < size; at++) {
    value = (Math.imul(value, 1_103_515_245) + step) >>> 0;
    bytes[at] = step === 0 ? 0x41 : value >>> 16;
  }
  return bytes;
});

describe('an answer states the size that zlib decompresses it to', () => {
  test.each([0, 1, 6, 9])('as gzip, at level %i', (level) => {
    fc.assert(
      fc.property(content, (bytes) => {
        expect(decodedSize({ received: gzipSync(bytes, { level }), encoding: 'gzip' })).toBe(bytes.length);
      }),
      { numRuns: 60 },
    );
  });

  test('as a zstd frame whose size was pledged, as the journal compresses', () => {
    fc.assert(
      fc.property(content, fc.boolean(), (bytes, hasChecksum) => {
        const params = { [constants.ZSTD_c_checksumFlag]: Number(hasChecksum) };
        const received = zstdCompressSync(bytes, { params, pledgedSrcSize: bytes.length });
        const told = decodedSize({ received, encoding: 'zstd' });
        // A frame of a few bytes need not tell, for it cannot be large.
        if (received.length >= 18) expect(told).toBe(bytes.length);
        else expect(told ?? bytes.length).toBe(bytes.length);
      }),
      { numRuns: 150 },
    );
  });

  test('as it came, uncompressed', () => {
    expect(decodedSize({ received: Buffer.alloc(77), encoding: 'identity' })).toBe(77);
  });

  test('also where its bytes lie in the midst of a larger buffer', () => {
    const bytes = Buffer.alloc(70_000, 'ab');
    for (const encoding of ['gzip', 'zstd'] as const) {
      const packed =
        encoding === 'gzip' ? gzipSync(bytes) : zstdCompressSync(bytes, { pledgedSrcSize: 70_000 });
      const padded = Buffer.concat([Buffer.alloc(13), packed, Buffer.alloc(13)]);
      const received = padded.subarray(13, 13 + packed.length);
      expect(decodedSize({ received, encoding })).toBe(70_000);
    }
  });
});

test('a zstd stream whose size was unknown at its beginning states none', async () => {
  const stream = createZstdCompress();
  const parts: Buffer[] = [];
  stream.on('data', (part: Buffer) => parts.push(part));
  stream.write(Buffer.alloc(100_000, 'abc'));
  await new Promise<void>((resolve) => stream.flush(() => resolve()));
  stream.end(Buffer.alloc(100_000, 'abd'));
  await new Promise((resolve) => stream.once('end', resolve));

  expect(decodedSize({ received: Buffer.concat(parts), encoding: 'zstd' })).toBeUndefined();
});

test('every answer that was compressed for the journal tells its size', () => {
  for (const size of [64, 256, 70_000, 9 * mebibyte]) {
    const text = Buffer.alloc(size, '{"n":1},');
    const journaled = compressAnswer({ received: text, encoding: 'identity' });
    expect(decodedSize(journaled)).toBe(size);
    expect(decodeAnswer(journaled, size)).toHaveLength(size);
  }
});

describe('garbage makes nothing throw', () => {
  const bytes = fc.uint8Array({ maxLength: 40 });
  const zstdLike = fc
    .uint8Array({ maxLength: 24 })
    .map((rest) => Uint8Array.from([0x28, 0xb5, 0x2f, 0xfd, ...rest]));
  const encoding = fc.constantFrom('gzip', 'zstd', 'identity') as fc.Arbitrary<Answer['encoding']>;

  test('and says of a size nothing, or a number', () => {
    fc.assert(
      fc.property(fc.oneof(bytes, zstdLike), encoding, (received, as) => {
        const size = decodedSize({ received, encoding: as });
        if (size !== undefined) expect(size).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 2_000 },
    );
  });
});
