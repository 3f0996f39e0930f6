import { createHash } from 'node:crypto';

/** Bytes that look random and follow from a seed, so that two runs agree. */
export interface SeededBytes {
  /** `8-4-4-4-12`, version 4. */
  uuid(): string;
  /** 0 <= x < 1. */
  fraction(): number;
  /** Letters and digits. */
  word(length: number): string;
}

export function createSeededBytes(seed: string): SeededBytes {
  let drawn = 0;
  const draw = (): Buffer => {
    drawn += 1;
    return createHash('sha256').update(`${seed} ${drawn}`).digest();
  };
  return {
    uuid() {
      const bytes = draw().subarray(0, 16);
      bytes[6] = (bytes[6]! & 0x0f) | 0x40;
      bytes[8] = (bytes[8]! & 0x3f) | 0x80;
      const hex = bytes.toString('hex');
      const parts = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)];
      return parts.join('-');
    },
    fraction: () => draw().readUInt32BE() / 2 ** 32,
    word: (length) =>
      Array.from(draw().subarray(0, length), (byte) => letters[byte % letters.length]).join(''),
  };
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
