import type { Answer } from '../../answer.ts';
import { decodedSize } from './decoded-size.ts';

/** Gives the decompressed size in bytes of an answer that needs room in memory; 0 for an answer that needs none. */
export function largeSize(answer: Answer): number {
  // An answer that does not state its size may be many times larger than its compressed bytes.
  const bytes = decodedSize(answer) ?? answer.received.length * 8;
  return bytes > largeBytes ? bytes : 0;
}

const largeBytes = 8 * 1024 * 1024;
