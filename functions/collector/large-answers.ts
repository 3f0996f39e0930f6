import { decodedSize } from './decoded-size.ts';
import type { Answer } from './ports.ts';

/**
 * Turns for the memory that large answers take: one at a time, in the order in which they were asked for.
 *
 * Answers of 3 MB and less, which is a thousand events of 3 KB, need no turn. A large one may take a quarter of the
 * function's memory decompressed, and once more as lines.
 */
export interface LargeAnswers {
  /** Resolves when it is the caller's turn. @returns what ends the turn, to be called once */
  turn(): Promise<() => void>;
}

export function createLargeAnswers(): LargeAnswers {
  let last: Promise<void> = Promise.resolve();
  return {
    async turn() {
      const before = last;
      const { promise, resolve } = Promise.withResolvers<void>();
      last = before.then(() => promise);
      await before;
      return resolve;
    },
  };
}

/** An answer that does not say how large it is counts as large where its compressed bytes may be many more. */
export function isLarge(answer: Answer): boolean {
  return (decodedSize(answer) ?? answer.received.length * 8) > largeBytes;
}

const largeBytes = 8 * 1024 * 1024;
