import { crc32 } from 'node:zlib';

/** Notices a source that gives the same non-empty answer again and again, which would be journaled without end. */
export interface RepeatWatch {
  /** @returns true when it was the same answer for the fifth time in a row */
  saw(answer: AnswerFingerprint): boolean;
}

/** Equal answers have equal fingerprints. Different answers share one so rarely that four in a row do not happen. */
export interface AnswerFingerprint {
  readonly length: number;
  /** CRC-32 of the bytes but the last eight, and of all. */
  readonly checksums: readonly [number, number];
}

/**
 * A CRC-32 of the whole would not do: gzip may store its content as it is, and ends in the content's own CRC-32, which
 * makes that of the whole the same for every content of one length.
 *
 * @param journaled the bytes of a non-empty answer as they are journaled
 */
export function fingerprintOf(journaled: Uint8Array): AnswerFingerprint {
  const end = Math.max(0, journaled.length - 8);
  const start = crc32(journaled.subarray(0, end));
  return { length: journaled.length, checksums: [start, crc32(journaled.subarray(end), start)] };
}

export function createRepeatWatch(): RepeatWatch {
  let last: AnswerFingerprint | undefined;
  let inARow = 0;
  return {
    saw(seen) {
      const isSame =
        last?.length === seen.length && last.checksums.every((each, at) => each === seen.checksums[at]);
      inARow = isSame ? inARow + 1 : 1;
      last = seen;
      return inARow >= repeatsToStop;
    },
  };
}

const repeatsToStop = 5;
