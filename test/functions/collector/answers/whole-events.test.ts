import { hash } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { constants, createGunzip, createZstdDecompress, gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AnswerEncoding } from '../../../../functions/answer.ts';
import { cutEvents } from '../../../../functions/collector/answers/cut-events.ts';
import { isCutShort } from '../../../../functions/collector/answers/cut-short.ts';
import { cutWholeEvents, openCutOff } from '../../../../functions/collector/answers/whole-events.ts';
import type { Cut } from '../../../../functions/collector/protocol/ports/answers.ts';
import type { QuarantineReason } from '../../../../functions/stored/quarantine-entry.ts';
import { examples } from '../../../long-run.ts';
import { jsonText, spacedArray } from './json-texts.ts';

const capBytes = 64 * 1024 * 1024;
const withChecksum = { [constants.ZSTD_c_checksumFlag]: 1 };

test('of any array that is cut at any byte, exactly the whole events before the cut come back', () => {
  fc.assert(
    fc.property(spacedArray(), fc.nat(), ({ text }, place) => {
      const whole = Buffer.from(text);
      const arrived = whole.subarray(0, place % (whole.length + 1));
      const found = openCutOff(cutOff(arrived), capBytes);
      if (!arrived.includes('[')) expect(found).toBeUndefined();
      else {
        expect(eventsOf(found!.cut)).toEqual(eventsBefore(arrived.length, whole));
        expect(arrived.subarray(arrived.length - found!.rest.length)).toEqual(Buffer.from(found!.rest));
      }
    }),
    { numRuns: examples(5_000) },
  );
});

for (const [encoding, compress, decompressor] of [
  ['gzip', (bytes: Uint8Array) => gzipSync(bytes), createGunzip],
  ['zstd', (bytes: Uint8Array) => zstdCompressSync(bytes, { params: withChecksum }), createZstdDecompress],
] as const) {
  test(`${encoding}: of an array that is cut at any byte of its compressed form, the same`, async () => {
    let blocks = 0;
    await fc.assert(
      fc.asyncProperty(longArray(), fc.nat(), async (text, place) => {
        const whole = Buffer.from(text);
        const compressed = compress(whole);
        const received = compressed.subarray(0, place % (compressed.length + 1));
        const arrived = await streamed(decompressor(), received);
        const found = openCutOff(cutOff(received, { encoding }), capBytes);
        expect(found === undefined).toBe(arrived.length === 0);
        if (found === undefined) return;
        if (found.cut.count > 0) blocks += 1;
        expect(eventsOf(found.cut)).toEqual(eventsBefore(arrived.length, whole));
      }),
      { numRuns: 40 },
    );
    expect(blocks).toBeGreaterThan(5);
  });

  test(`${encoding}: an end that is missing though the answer came in good order is a cut, and a changed byte is none`, () => {
    const text = `[${'{"a":1},'.repeat(9_999)}{}]`;
    const compressed = compress(Buffer.from(text));
    const reason = { encoding, damaged: 'damaged-compression' } as const;
    const withoutEnd = openCutOff(cutOff(compressed.subarray(0, -1), reason), capBytes);
    const changed = Uint8Array.from(compressed, (byte, at) => (at === 20 ? byte ^ 0xff : byte));
    // All that it lacks is the checksum's last byte.
    expect(withoutEnd?.cut.count).toBe(10_000);
    expect(openCutOff(cutOff(changed, reason), capBytes)).toBeUndefined();
  });

  test(`${encoding}: an answer that decompresses to more than the cap is left alone`, () => {
    const text = Buffer.from(`[${'{"a":1},'.repeat(9_999)}`);
    const answer = cutOff(compress(text), { encoding });
    expect(openCutOff(answer, text.length)?.cut.count).toBe(9_999);
    expect(openCutOff(answer, text.length - 1)).toBeUndefined();
  });
}

test('a number that the cut may have shortened is no whole event, and a literal is', () => {
  expect(eventsOf(openCutOff(cutOff('[1,23'), capBytes)!.cut)).toEqual(['1']);
  expect(eventsOf(openCutOff(cutOff('[1,23 '), capBytes)!.cut)).toEqual(['1', '23']);
  expect(eventsOf(openCutOff(cutOff('[1,null'), capBytes)!.cut)).toEqual(['1', 'null']);
  expect(eventsOf(openCutOff(cutOff('[1,nul'), capBytes)!.cut)).toEqual(['1']);
});

test('an answer that its sender cut short is known by its bytes; one that is damaged before its end is left alone', () => {
  const found = (text: string) => openCutOff(cutOff(text, { damaged: 'invalid-json' }), capBytes);
  expect(found('[{"a":1},{"a":')).toMatchObject({ cut: { count: 1 }, rest: { length: 6 } });
  for (const text of [
    '[{"a":1},{"a":tru},{"a":3}]',
    '[{"a":1},{"a":tru},{"a":3},{',
    '[{"a":1}] and more',
    '[{"a":1}}',
    '<html>[{"a":1},',
    '{"events":[{"a":1},{"a"',
    '[{"a":1},{"a":"\u0001',
    '',
  ])
    expect(found(text)).toBeUndefined();
  const inCharacter = Buffer.from('[1,"é').subarray(0, -1);
  expect(openCutOff(cutOff(inCharacter, { damaged: 'invalid-json' }), capBytes)?.cut.count).toBe(1);
  const noCharacter = Buffer.concat([Buffer.from('[1,"'), Buffer.of(0xff)]);
  expect(openCutOff(cutOff(noCharacter, { damaged: 'invalid-json' }), capBytes)).toBeUndefined();
});

test('every cut-off array is cut short, and a text that no ending completes is not', () => {
  fc.assert(
    fc.property(spacedArray(), fc.nat(), ({ text }, place) => {
      const whole = Buffer.from(text);
      const arrived = whole.subarray(0, place % (whole.length + 1));
      const found = cutWholeEvents(arrived);
      if (!('damaged' in found)) expect(isCutShort(found.rest)).toBe(true);
    }),
    { numRuns: examples(2_000) },
  );
  for (const rest of [',,', ',{"a" "b"', ',{"a":01', ',{"a":"\\x', ',[}', '}', ',tru ', ',{1', '] [', ',"\n'])
    expect(isCutShort(Buffer.from(rest))).toBe(false);
});

test('a damaged answer that was not cut off has no events to replay', () => {
  for (const damaged of ['not-an-array', 'above-event-cap', 'delivery-crashed-five-times'] as const)
    expect(openCutOff(cutOff('[1,2,', { damaged }), capBytes)).toBeUndefined();
});

interface Facts {
  readonly encoding?: AnswerEncoding;
  readonly damaged?: QuarantineReason;
}

function cutOff(received: Uint8Array | string, { encoding = 'identity', damaged = 'cut-off' }: Facts = {}) {
  const answer = { received: Buffer.from(received as string), encoding };
  const facts = { run: 'run-1', startedAt: 0, number: 1, collectedAt: 0, stream: 's' };
  return { batch: { ...facts, answer, cutOff: damaged === 'cut-off' }, damaged };
}

/** By the cut of the whole: numbers that end at the cut may go on. */
function eventsBefore(arrivedBytes: number, whole: Buffer): string[] {
  const cut = cutEvents(whole) as Cut;
  return eventsOf(cut).filter((event, index) => {
    const end = cut.ends[index]!;
    return end < arrivedBytes || (end === arrivedBytes && !/^[-0-9]/.test(event));
  });
}

function eventsOf({ source, starts, ends }: Cut): string[] {
  const bytes = Buffer.from(source);
  return [...starts].map((start, index) => bytes.toString('utf8', start, ends[index]));
}

/** 300 KB that hardly compress, so that there are many places to cut at: a compressor works in blocks of 128 KiB. */
function longArray(): fc.Arbitrary<string> {
  return fc
    .tuple(fc.array(jsonText(), { minLength: 1, maxLength: 4 }), fc.nat())
    .map(([texts, seed]) =>
      Array.from({ length: 3_000 }, (_, index) => {
        const noise = hash('sha256', `${seed} ${index}`, 'base64');
        return index % 2 === 0 ? `{"noise":"${noise}${noise}"}` : texts[(index >> 1) % texts.length];
      }),
    )
    .map((events) => `[${events.join(',')}]`);
}

/** What a stream decompresses until its input ends. */
async function streamed(decompressor: Duplex, received: Uint8Array): Promise<Buffer> {
  const parts: Buffer[] = [];
  decompressor.on('data', (part: Buffer) => parts.push(part));
  const over = new Promise<void>((resolve) => {
    decompressor.on('error', () => resolve());
    decompressor.on('end', () => resolve());
  });
  decompressor.end(received);
  await over;
  return Buffer.concat(parts);
}
