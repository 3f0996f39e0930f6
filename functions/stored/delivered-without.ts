import { gzipSync } from 'node:zlib';
import { deliveredLines, isMember, openMember, startOfMember } from './delivered-object.ts';

/** A delivered object without some of its lines. */
export interface WithoutLines {
  /** Empty where no line is left. */
  readonly bytes: Buffer;
  readonly removed: number;
  readonly left: number;
}

/**
 * Takes lines out of a delivered object. Every other line stays byte for byte. Gzip members without a removed line stay
 * as they are, and the rest of a member is compressed anew.
 *
 * @param isRemoved is asked for each line in order, without its line break; empty lines are not asked for
 * @throws {RelayError} `DamagedObject`
 */
export function withoutLines(object: Uint8Array, isRemoved: (line: Uint8Array) => boolean): WithoutLines {
  const bytes = Buffer.from(object.buffer, object.byteOffset, object.length);
  const parts = [...partsOf(bytes)];
  // A line that goes on in the next part belongs to no part alone.
  if (parts.slice(0, -1).some(({ plain }) => plain.length > 0 && plain.at(-1) !== lineFeed))
    return asOnePart(bytes, isRemoved);
  const kept: Buffer[] = [];
  let removed = 0;
  let left = 0;
  for (const { raw, plain, isCompressed } of parts) {
    // Members within a member were written while a deploy changed the form.
    const inner =
      startOfMember(plain, 0) === undefined ? withoutPlain(plain, isRemoved) : withoutLines(plain, isRemoved);
    removed += inner.removed;
    left += inner.left;
    if (inner.removed === 0) kept.push(raw);
    else if (inner.left > 0) kept.push(isCompressed ? gzipSync(inner.bytes) : inner.bytes);
  }
  return { bytes: left === 0 ? Buffer.alloc(0) : Buffer.concat(kept), removed, left };
}

const lineFeed = 0x0a;

interface Part {
  /** As the object has it. */
  readonly raw: Buffer;
  readonly plain: Buffer;
  readonly isCompressed: boolean;
}

function* partsOf(object: Buffer): Generator<Part> {
  for (let at = 0; at < object.length; ) {
    if (isMember(object, at)) {
      const { bytes, end } = openMember(object, at);
      yield { raw: object.subarray(at, end), plain: bytes, isCompressed: true };
      at = end;
    } else {
      const end = startOfMember(object, at) ?? object.length;
      const raw = object.subarray(at, end);
      yield { raw, plain: raw, isCompressed: false };
      at = end;
    }
  }
}

function withoutPlain(part: Buffer, isRemoved: (line: Uint8Array) => boolean): WithoutLines {
  const kept: Buffer[] = [];
  let removed = 0;
  let left = 0;
  for (let start = 0; start < part.length; ) {
    const found = part.indexOf(lineFeed, start);
    const end = found === -1 ? part.length : found;
    const after = Math.min(end + 1, part.length);
    if (end > start && isRemoved(part.subarray(start, end))) removed += 1;
    else {
      kept.push(part.subarray(start, after));
      if (end > start) left += 1;
    }
    start = after;
  }
  return { bytes: Buffer.concat(kept), removed, left };
}

function asOnePart(object: Buffer, isRemoved: (line: Uint8Array) => boolean): WithoutLines {
  const kept: Buffer[] = [];
  let removed = 0;
  for (const line of deliveredLines(object)) {
    if (isRemoved(line)) removed += 1;
    else kept.push(line, lineBreak);
  }
  const plain = Buffer.concat(kept);
  const bytes = isMember(object, 0) ? gzipSync(plain) : plain;
  if (removed === 0) return { bytes: object, removed, left: kept.length / 2 };
  return { bytes: kept.length === 0 ? Buffer.alloc(0) : bytes, removed, left: kept.length / 2 };
}

const lineBreak = Buffer.from('\n');
