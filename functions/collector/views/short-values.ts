/** Makes what stands in the place of a value that lies from `start` to before `end`. */
export type MakeReplacement = (source: Buffer, start: number, end: number) => Buffer;

/**
 * Keeps what was made of short values, which come again and again, in bounded memory. A value has one of
 * two places, by its bytes, and leaves when two newer values of these places have come. To look up a value makes no
 * object.
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
    const first = placeOf(source, start, end);
    const place = this.#isAt(first, source, start, end) ? first : first + 1;
    if (place === first || this.#isAt(place, source, start, end)) {
      this.#tellPlace(place);
      return;
    }
    const made = this.#make(source, start, end);
    if (made.length > longest) {
      this.#tell(made);
      return;
    }
    this.#keep(first, source.subarray(start, end), made);
    this.#tellPlace(first);
  }

  /** A value that was at the place goes to the next, where another leaves. */
  #keep(first: number, value: Buffer, made: Buffer): void {
    const at = first * placeBytes;
    this.#kept.copyWithin(at + placeBytes, at, at + placeBytes);
    this.#valueLengths[first + 1] = this.#valueLengths[first]!;
    this.#madeLengths[first + 1] = this.#madeLengths[first]!;
    this.#kept.set(value, at);
    this.#kept.set(made, at + longest);
    this.#valueLengths[first] = value.length;
    this.#madeLengths[first] = made.length;
  }

  #tellPlace(place: number): void {
    this.found = this.#kept;
    this.start = place * placeBytes + longest;
    this.end = this.start + this.#madeLengths[place]!;
  }

  #tell(made: Buffer): void {
    this.found = made;
    this.start = 0;
    this.end = made.length;
  }

  #isAt(place: number, source: Buffer, start: number, end: number): boolean {
    if (this.#valueLengths[place] !== end - start) return false;
    const shift = place * placeBytes - start;
    for (let at = end - 1; at >= start; at--) if (this.#kept[at + shift] !== source[at]) return false;
    return true;
  }
}

/** Bytes of a value, and of what is made of it. */
const longest = 64;
const placeBytes = 2 * longest;
/** In all 512 KB. A power of two. */
const places = 4_096;

/** The first of the two places that a value can have. */
function placeOf(source: Buffer, start: number, end: number): number {
  let sum = end - start;
  for (let at = start; at < end; at++) sum = (Math.imul(sum, 31) + source[at]!) | 0;
  return (sum ^ (sum >>> 11) ^ (sum >>> 22)) & (places - 2);
}
