/** Tells whether two bags of event ids are equal, in any order, without keeping them: how many, and four sums. */
export interface Fingerprint {
  readonly count: number;
  /** @param id 32 hexadecimal digits */
  add(id: string): void;
  equals(other: Fingerprint): boolean;
  readonly sums: readonly number[];
}

export function createFingerprint(): Fingerprint {
  const sums = new Uint32Array(4);
  let count = 0;
  return {
    get count() {
      return count;
    },
    get sums() {
      return [...sums];
    },
    add(id) {
      count += 1;
      for (let word = 0; word < 4; word += 1) {
        sums[word] = sums[word]! + Number.parseInt(id.slice(word * 8, word * 8 + 8), 16);
      }
    },
    equals: (other) => count === other.count && other.sums.every((sum, word) => sum === sums[word]),
  };
}
