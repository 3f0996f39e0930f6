/** Bytes that grow at their end. What is written has to be reserved before. */
export class ByteTarget {
  bytes: Buffer = Buffer.alloc(0);
  length = 0;

  /** Begins anew, with room for so many bytes. */
  begin(capacity: number): void {
    this.bytes = Buffer.allocUnsafeSlow(capacity);
    this.length = 0;
  }

  /** Makes room for so many more bytes. */
  reserve(more: number): void {
    if (this.length + more <= this.bytes.length) return;
    const longer = Buffer.allocUnsafeSlow(this.length + Math.max(more, this.bytes.length >> 1));
    this.bytes.copy(longer, 0, 0, this.length);
    this.bytes = longer;
  }

  byte(byte: number): void {
    this.bytes[this.length++] = byte;
  }

  put(text: Buffer): void {
    this.copy(text, 0, text.length);
  }

  copy(source: Buffer, start: number, end: number): void {
    const { bytes, length } = this;
    if (end - start > shortBytes) source.copy(bytes, length, start, end);
    else for (let at = start; at < end; at++) bytes[length + at - start] = source[at]!;
    this.length = length + end - start;
  }

  /** Writes a whole number. */
  digits(value: number): void {
    const text = String(value);
    for (let index = 0; index < text.length; index++) this.bytes[this.length++] = text.charCodeAt(index);
  }

  /** Writes valid JSON as the inside of a JSON string. Makes its own room. */
  escaped(source: Uint8Array, start: number, end: number): void {
    this.reserve(2 * (end - start) + 2);
    const { bytes } = this;
    let { length } = this;
    for (let at = start; at < end; at++) {
      const byte = source[at]!;
      const letter = escapeLetters[byte]!;
      if (letter === 0) bytes[length++] = byte;
      else {
        bytes[length++] = backslash;
        bytes[length++] = letter;
      }
    }
    this.length = length;
  }
}

/** Room for constant text between two reservations. */
export const headBytes = 1_024;

/** Below it a loop is cheaper than a call. */
const shortBytes = 56;
const backslash = 0x5c;

/** JSON has no control character but these three outside strings, and none inside. */
const escapeLetters = new Uint8Array(256);
escapeLetters[0x22] = 0x22;
escapeLetters[backslash] = backslash;
escapeLetters[0x09] = 0x74; // t
escapeLetters[0x0a] = 0x6e; // n
escapeLetters[0x0d] = 0x72; // r
