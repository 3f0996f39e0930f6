import { crc32 } from 'node:zlib';

/** Notices a source that gives the same non-empty answer again and again, which would be journaled without end. */
export interface RepeatWatch {
  /**
   * @param journaled the bytes of a non-empty answer as they were journaled: equal answers have equal ones
   * @returns true when it was the same answer for the fifth time in a row
   */
  saw(journaled: Uint8Array): boolean;
}

export function createRepeatWatch(): RepeatWatch {
  let last: { readonly length: number; readonly checksum: number } | undefined;
  let inARow = 0;
  return {
    saw(journaled) {
      const seen = { length: journaled.length, checksum: crc32(journaled) };
      const isSame = last?.length === seen.length && last.checksum === seen.checksum;
      inARow = isSame ? inARow + 1 : 1;
      last = seen;
      return inARow >= repeatsToStop;
    },
  };
}

/** Four chance meetings of length and CRC-32 in a row do not happen. */
const repeatsToStop = 5;
