/** Chance that repeats: the same key gives the same draws, whatever else was drawn in between. */
export interface Random {
  /** 0 <= x < 1. */
  next(): number;
  /** 0 <= n < limit, whole. */
  below(limit: number): number;
  pick<T>(list: readonly T[]): T;
  chance(probability: number): boolean;
  /** So many hexadecimal digits. */
  hex(digits: number): string;
}

export function createRandom(...key: readonly (string | number)[]): Random {
  let state = hash(key);
  const word = () => {
    // A counter with an odd step, scrambled: every 32-bit state comes once before any comes again.
    state = (state + 0x9e3779b9) | 0;
    return scramble(state);
  };
  const next = () => word() / 0x1_0000_0000;
  return {
    next,
    below: (limit) => Math.floor(next() * limit),
    pick: (list) => list[Math.floor(next() * list.length)]!,
    chance: (probability) => next() < probability,
    hex(digits) {
      let text = '';
      while (text.length < digits) text += word().toString(16).padStart(8, '0');
      return text.slice(0, digits);
    },
  };
}

/** One draw, 0 <= x < 1, that depends on the key alone. */
export function draw(...key: readonly (string | number)[]): number {
  return scramble(hash(key)) / 0x1_0000_0000;
}

function hash(key: readonly (string | number)[]): number {
  let value = 0x811c9dc5;
  for (const part of key) {
    if (typeof part === 'number') {
      value = scramble(value ^ (part | 0)) ^ scramble(Math.floor(part / 0x1_0000_0000) + key.length);
      continue;
    }
    for (let index = 0; index < part.length; index += 1) {
      value = Math.imul(value ^ part.charCodeAt(index), 0x01000193);
    }
    value = scramble(value);
  }
  return value | 0;
}

/** Each bit of the result depends on all bits of the value. */
function scramble(value: number): number {
  let bits = value | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}
