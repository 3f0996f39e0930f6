/** A set of names that is asked with the bytes of a text, so that no string has to be made of them. */
export class NameSet {
  readonly #buckets: (Uint8Array[] | undefined)[] = Array.from({ length: 256 }, () => undefined);

  /** @param names of ASCII, and none empty */
  constructor(names: readonly string[]) {
    for (const name of names) {
      const bytes = Buffer.from(name);
      const bucket = bucketOf(bytes, 0, bytes.length);
      this.#buckets[bucket] ??= [];
      this.#buckets[bucket].push(bytes);
    }
  }

  /** True where the bytes from `start` to before `end` are a name of the set. */
  has(source: Uint8Array, start: number, end: number): boolean {
    if (start >= end) return false;
    const names = this.#buckets[bucketOf(source, start, end)];
    if (names === undefined) return false;
    for (const name of names) if (isAt(name, source, start, end)) return true;
    return false;
  }
}

function bucketOf(source: Uint8Array, start: number, end: number): number {
  return ((end - start) * 31 + source[start]! * 7 + source[end - 1]!) & 0xff;
}

function isAt(name: Uint8Array, source: Uint8Array, start: number, end: number): boolean {
  if (name.length !== end - start) return false;
  for (let index = 0; index < name.length; index++) if (source[start + index] !== name[index]) return false;
  return true;
}
