import { gunzipSync, gzipSync, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import fc from 'fast-check';
import type { Answer } from '../../functions/answer.ts';
import type { CollectOutcome } from '../../functions/mosaic/collect-outcome.ts';

/** Above it an answer must be set aside, not decompressed. */
export const capBytes = 256 * 1024;

/** Answers as Mosaic might give them, with something done to most: to the text, or to its compressed form. */
export const mutatedAnswer: fc.Arbitrary<CollectOutcome> = fc
  .record({
    body: fc
      .tuple(text(), fc.oneof(fc.constant([]), fc.array(change(), { maxLength: 3 })))
      .map(([bytes, changes]) => changes.reduce((changed, apply) => apply(changed), bytes)),
    packing: fc.oneof(
      { weight: 5, arbitrary: fc.constantFrom('identity', 'gzip', 'zstd') },
      fc.constantFrom('claims gzip', 'claims zstd'),
    ),
    damage: fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, change()),
    cutOff: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
  })
  .map(({ body, packing, damage, cutOff }): CollectOutcome => {
    const answer = pack(body, packing);
    const received =
      damage === undefined || answer.encoding === 'identity' ? answer.received : damage(answer.received);
    const partial: Answer = { ...answer, received };
    if (!cutOff) return { kind: 'answer', answer: partial };
    return { kind: 'unknown', reason: 'cut-off', partial, message: 'the body ended early.' };
  });

/**
 * What an answer is worth, by Node's own parser: how many events, or `damaged`.
 * Written apart from the collector's cutter, to judge it.
 */
export function worthOf(outcome: CollectOutcome): number | 'damaged' | 'nothing' {
  if (outcome.kind === 'unknown') return outcome.partial?.received.length ? 'damaged' : 'nothing';
  if (outcome.kind !== 'answer') return 'nothing';
  const { received, encoding } = outcome.answer;
  if (received.length === 0) return 'nothing';
  try {
    const bytes = unpack[encoding](received);
    if (bytes.length === 0) return 'nothing';
    if (bytes.length > capBytes) return 'damaged';
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if (!Array.isArray(value)) return 'damaged';
    return value.length === 0 ? 'nothing' : value.length;
  } catch {
    return 'damaged';
  }
}

const unpack = {
  identity: (bytes: Uint8Array) => bytes,
  gzip: (bytes: Uint8Array) => gunzipSync(bytes),
  zstd: (bytes: Uint8Array) => zstdDecompressSync(bytes, { rejectGarbageAfterEnd: true }),
};

function pack(body: Uint8Array, packing: string): Answer {
  if (packing === 'gzip') return { received: gzipSync(body, { level: 1 }), encoding: 'gzip' };
  if (packing === 'zstd') return { received: zstdCompressSync(body), encoding: 'zstd' };
  if (packing === 'claims gzip') return { received: body, encoding: 'gzip' };
  if (packing === 'claims zstd') return { received: body, encoding: 'zstd' };
  return { received: body, encoding: 'identity' };
}

function text(): fc.Arbitrary<Uint8Array> {
  const events = fc.array(fc.oneof({ weight: 6, arbitrary: fc.object() }, fc.jsonValue()), {
    minLength: 1,
    maxLength: 12,
  });
  const array = events.map((values) => JSON.stringify(values));
  const odd = fc.constantFrom(
    '',
    'null',
    '[]',
    '[1, 2.50, 9007199254740993, -0, 1e400]',
    '<!DOCTYPE html><h1>Please sign in</h1>',
    `[{"deep":${'['.repeat(20_000)}${']'.repeat(20_000)}}]`,
    `[{"bomb":"${'0'.repeat(capBytes)}"}]`,
    '[{"name":"\u0000"}]',
    '[{"_relay":1},{"a":1,"a":2}]',
  );
  const wrapped = array.map((body) => `{"events":${body},"count":1}`);
  return fc
    .oneof({ weight: 6, arbitrary: array }, { weight: 2, arbitrary: odd }, wrapped)
    .map((body) => new Uint8Array(Buffer.from(body)));
}

type Change = (bytes: Uint8Array) => Uint8Array;

/** Truncates, flips, inserts, removes or doubles, at a place drawn. */
function change(): fc.Arbitrary<Change> {
  const place = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  const piece = fc.constantFrom(
    ...[
      '\0',
      '[',
      ']',
      '{',
      '}',
      '"',
      '\\',
      ',',
      ' ',
      '\n',
      '\v',
      '[['.repeat(300),
      '\ufeff',
      '1e9',
      'null',
    ].map((inserted) => Buffer.from(inserted)),
    ...[[0xff], [0xc3, 0x28], [0xed, 0xa0, 0x80], [0xa0]].map((bytes) => Buffer.from(bytes)),
  );
  return fc
    .record({
      kind: fc.integer({ min: 0, max: 4 }),
      from: place,
      to: place,
      piece,
      bit: fc.integer({ max: 7, min: 0 }),
    })
    .map(({ kind, from, to, piece: inserted, bit }) => (bytes: Uint8Array) => {
      const [a, b] = [
        Math.floor(Math.min(from, to) * bytes.length),
        Math.floor(Math.max(from, to) * bytes.length),
      ];
      const joined = (...parts: readonly Uint8Array[]) => new Uint8Array(Buffer.concat(parts));
      if (kind === 0) return bytes.slice(0, a);
      if (kind === 1) return bytes.map((byte, index) => (index === a ? byte ^ (1 << bit) : byte));
      if (kind === 2) return joined(bytes.subarray(0, a), inserted, bytes.subarray(a));
      if (kind === 3) return joined(bytes.subarray(0, a), bytes.subarray(b));
      return joined(bytes.subarray(0, b), bytes.subarray(a));
    });
}
