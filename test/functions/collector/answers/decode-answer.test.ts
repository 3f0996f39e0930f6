import { gzipSync, zstdCompressSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { AnswerEncoding } from '../../../../functions/answer.ts';
import {
  compressAnswer,
  decodeAnswer,
  isEmptyAnswer,
} from '../../../../functions/collector/answers/decode-answer.ts';

const text = `[${'{"a":1},'.repeat(999)}{}]`;
const encodings: readonly (readonly [AnswerEncoding, (data: Uint8Array) => Uint8Array])[] = [
  ['identity', (data) => data],
  ['gzip', (data) => gzipSync(data)],
  ['zstd', (data) => zstdCompressSync(data)],
];

for (const [encoding, encode] of encodings) {
  const received = encode(Buffer.from(text));

  test(`${encoding}: an encoded answer is decoded, up to the cap`, () => {
    expect(decodeAnswer({ received, encoding }, text.length)).toEqual(Buffer.from(text));
    expect(decodeAnswer({ received, encoding }, text.length - 1)).toMatchObject({
      damaged: 'above-decompressed-cap',
    });
  });

  test(`${encoding}: [] and no bytes at all are empty, an answer with any content is not`, () => {
    const isEmpty = (data: Uint8Array) => isEmptyAnswer({ received: data, encoding });
    expect(isEmpty(new Uint8Array())).toBe(true);
    for (const empty of ['', '[]', ' [\n] ', '\ufeff[]'])
      expect(isEmpty(encode(Buffer.from(empty)))).toBe(true);
    for (const other of ['null', '{}', '[{}]', '[', '[[]]', '[\v]', '\u00a0[]'])
      expect(isEmpty(encode(Buffer.from(other)))).toBe(false);
    expect(isEmpty(received)).toBe(false);
  });

  if (encoding === 'identity') continue;

  test(`${encoding}: a body that is cut off, damaged or followed by something else is refused whole`, () => {
    const damages = [
      received.subarray(0, -1),
      received.subarray(0, received.length >> 1),
      Buffer.from(text),
      Buffer.concat([received, Buffer.from('more')]),
    ];
    for (const damaged of damages) {
      expect(decodeAnswer({ received: damaged, encoding }, 1e6)).toMatchObject({
        damaged: 'damaged-compression',
      });
    }
  });
}

test('members of gzip one after the other are one body', () => {
  const received = Buffer.concat([gzipSync('[1,'), gzipSync('2]')]);
  expect(decodeAnswer({ received, encoding: 'gzip' }, 100)).toEqual(Buffer.from('[1,2]'));
});

test('for the journal, what came uncompressed is compressed and the rest stays as received', () => {
  const gzip = { received: gzipSync(text), encoding: 'gzip' } as const;
  expect(compressAnswer(gzip)).toBe(gzip);
  const compressed = compressAnswer({ received: Buffer.from(text), encoding: 'identity' });
  expect(compressed.encoding).toBe('zstd');
  expect(compressed.received.length).toBeLessThan(text.length / 10);
  expect(decodeAnswer(compressed, text.length)).toEqual(Buffer.from(text));
});

test('a flipped bit in the journal is noticed', () => {
  const { received } = compressAnswer({ received: Buffer.from(text), encoding: 'identity' });
  const flipped = Uint8Array.from(received, (byte, index) =>
    index === received.length - 1 ? byte ^ 1 : byte,
  );
  expect(decodeAnswer({ received: flipped, encoding: 'zstd' }, 1e6)).toMatchObject({
    damaged: 'damaged-compression',
  });
});
