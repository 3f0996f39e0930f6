import type { Answer } from '../../answer.ts';
import { decodedSize } from './decoded-size.ts';

/** @returns the decompressed size of an answer that needs room, in bytes; 0 of one that needs none */
export function largeSize(answer: Answer): number {
  // One that does not say how large it is may be many times its compressed bytes.
  const bytes = decodedSize(answer) ?? answer.received.length * 8;
  return bytes > largeBytes ? bytes : 0;
}

const largeBytes = 8 * 1024 * 1024;
