import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readBody } from '../../../functions/mosaic/read-body.ts';

const mebibyte = 1024 * 1024;

/** A body in chunks, as Node's client gives it; `declared` is what its content-length says, true or not. */
function responseOf(chunks: readonly Buffer[], declared: number | undefined): IncomingMessage {
  const headers = declared === undefined ? {} : { 'content-length': String(declared) };
  return Object.assign(Readable.from(chunks), { headers, complete: true }) as unknown as IncomingMessage;
}

const sizes = fc.array(fc.oneof(fc.nat({ max: 2_000 }), fc.nat({ max: 300_000 })), { maxLength: 12 });

test('however a body arrives and whatever it declares, no more than the cap is kept, nor a buffer far beyond it', async () => {
  await fc.assert(
    fc.asyncProperty(
      sizes,
      fc.option(fc.nat({ max: 2 ** 50 }), { nil: undefined }),
      fc.integer({ min: 1, max: mebibyte }),
      fc.boolean(),
      async (lengths, declared, capBytes, keepBeginning) => {
        const chunks = lengths.map((length, index) => Buffer.alloc(length, index + 1));
        const whole = Buffer.concat(chunks);

        const { bytes, end, release } = await readBody(responseOf(chunks, declared), capBytes, {
          keepBeginning,
        });

        expect(bytes.length).toBeLessThanOrEqual(capBytes);
        // A spare one may be larger, but none is kept above 8 MiB.
        expect(bytes.buffer.byteLength).toBeLessThanOrEqual(8 * mebibyte);
        if (end === 'whole') expect(Buffer.compare(bytes, whole)).toBe(0);
        else if (keepBeginning) expect(Buffer.compare(bytes, whole.subarray(0, capBytes))).toBe(0);
        else expect(bytes.length).toBe(0);
        release();
      },
    ),
    { seed: 20260301, numRuns: 300 },
  );
});
