/** Makes what stands in the place of a value that lies from `start` to before `end`. */
export type MakeReplacement = (source: Buffer, start: number, end: number) => Buffer;

/**
 * Keeps what was made of short values, which come again and again, in bounded memory. A value has one place, by its
 * bytes, and leaves it to the next value of that place. To look up a value makes no object.
 */
export class ShortValues {
  /** Holds what `find` found, from `start` to before `end`. */
  found: Buffer = Buffer.alloc(0);
  start = 0;
  end = 0;
  /** In each place a value, and behind it what was made of it. */
  readonly #kept = Buffer.allocUnsafeSlow(places * placeBytes);
  readonly #valueLengths = new Uint8Array(places);
  readonly #madeLengths = new Uint8Array(places);
  readonly #make: MakeReplacement;

  constructor(make: MakeReplacement) {
    this.#make = make;
  }

  /** Finds what stands in the place of a value that lies from `start` to before `end`, or makes it. */
  find(source: Buffer, start: number, end: number): void {
    const length = end - start;
    if (length > longest || length === 0) {
      this.#tell(this.#make(source, start, end));
      return;
    }
    const place = placeOf(source, start, end);
    if (this.#valueLengths[place] !== length || !this.#isAt(place * placeBytes, source, start, end)) {
      const made = this.#make(source, start, end);
      if (made.length > longest) {
        this.#tell(made);
        return;
      }
      copyShort(source, start, this.#kept, place * placeBytes, length);
      copyShort(made, 0, this.#kept, place * placeBytes + longest, made.length);
      this.#valueLengths[place] = length;
      this.#madeLengths[place] = made.length;
    }
    this.found = this.#kept;
    this.start = place * placeBytes + longest;
    this.end = this.start + this.#madeLengths[place]!;
  }

  #tell(made: Buffer): void {
    this.found = made;
    this.start = 0;
    this.end = made.length;
  }

  #isAt(from: number, source: Buffer, start: number, end: number): boolean {
    const shift = from - start;
    for (let at = end - 1; at >= start; at--) if (this.#kept[at + shift] !== source[at]) return false;
    return true;
  }
}

/** Bytes of a value, and of what is made of it. */
const longest = 64;
const placeBytes = 2 * longest;
/** In all 256 KB. A power of two. */
const places = 2_048;

function placeOf(source: Buffer, start: number, end: number): number {
  let sum = end - start;
  for (let at = start; at < end; at++) sum = (Math.imul(sum, 31) + source[at]!) | 0;
  return (sum ^ (sum >>> 11) ^ (sum >>> 22)) & (places - 1);
}

/** For so few bytes, a loop is cheaper than a call. */
function copyShort(source: Buffer, from: number, target: Buffer, at: number, length: number): void {
  for (let index = 0; index < length; index++) target[at + index] = source[from + index]!;
}
