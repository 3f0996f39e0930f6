import { crc32, inflateRawSync, type ZlibOptions } from 'node:zlib';
import { RelayError } from '../relay-error.ts';

/**
 * Reads the lines of a delivered object, without line breaks and empty lines, in whichever form the object is.
 *
 * | Written by | Form |
 * | --- | --- |
 * | Firehose that compresses, from plain records | one gzip member |
 * | Firehose that does not, from records that are compressed | a gzip member for each record |
 * | Firehose while a deploy changes from one to the other | plain lines and members one after the other, or gzip members within a gzip member |
 *
 * Node's own gunzip refuses the last form.
 *
 * @param memberCapBytes most bytes that one gzip member may decompress to. A member is decompressed whole and takes twice
 * its bytes for a moment.
 * @throws {RelayError} `DamagedObject`, after the lines before the damage; `ObjectAboveCap`, after the lines before the
 * member that is too large
 */
export function* deliveredLines(
  object: Uint8Array,
  memberCapBytes: number = mostMemberBytes,
): Generator<Buffer> {
  let rest: Buffer | undefined;
  const bytes = Buffer.from(object.buffer, object.byteOffset, object.length);
  for (const part of plainParts(bytes, memberCapBytes)) {
    let start = 0;
    for (let end = part.indexOf(lineFeed); end !== -1; end = part.indexOf(lineFeed, start)) {
      const tail = part.subarray(start, end);
      const line = rest === undefined ? tail : Buffer.concat([rest, tail]);
      rest = undefined;
      start = end + 1;
      if (line.length > 0) yield line;
    }
    if (start === part.length) continue;
    const tail = part.subarray(start);
    rest = rest === undefined ? tail : Buffer.concat([rest, tail]);
    if (rest.length > longestLineBytes) throw damaged(`a line is longer than ${longestLineBytes} bytes`);
  }
  if (rest !== undefined) yield rest;
}

const lineFeed = 0x0a;
/** Firehose accepts no event above 1,000 KiB, so a longer line comes from another writer. */
const longestLineBytes = 8 * 1024 * 1024;
/** Firehose buffers 128 MiB at most before it compresses, and writes more where it has fallen behind. */
const mostMemberBytes = 512 * 1024 * 1024;

/** Gives the bytes of an object's lines, a gzip member or a stretch of plain lines at a time. */
function* plainParts(object: Buffer, capBytes: number): Generator<Buffer> {
  for (let at = 0; at < object.length; ) {
    if (isMember(object, at)) {
      const member = openMember(object, at, capBytes);
      // A member of lines alone is the rule.
      if (startOfMember(member.bytes, 0) === undefined) yield member.bytes;
      else yield* plainParts(member.bytes, capBytes);
      at = member.end;
    } else {
      if (object[at] !== openingBrace) throw damaged('it is neither gzip nor lines of the relay');
      const end = startOfMember(object, at) ?? object.length;
      yield object.subarray(at, end);
      at = end;
    }
  }
}

const openingBrace = 0x7b;

/** @see RFC 1952, "Member header and trailer": two bytes of identification, and deflate as the one method */
export function isMember(bytes: Buffer, at: number): boolean {
  return bytes[at] === 0x1f && bytes[at + 1] === 0x8b && bytes[at + 2] === 8;
}

/** Finds the next member. It begins the bytes or follows a line, and no line of JSON holds its first byte. */
export function startOfMember(bytes: Buffer, from: number): number | undefined {
  if (isMember(bytes, from)) return from;
  const found = bytes.indexOf(lineThenMember, from);
  return found === -1 ? undefined : found + 1;
}

const lineThenMember = Buffer.from([lineFeed, 0x1f, 0x8b, 8]);

/** Decompresses one member, and finds its end. Its checksum must be that of its bytes. */
export function openMember(
  object: Buffer,
  at: number,
  capBytes: number = mostMemberBytes,
): { readonly bytes: Buffer; readonly end: number } {
  const start = at + headerLength(object, at);
  const { buffer, engine } = inflate(object.subarray(start), capBytes);
  const end = start + engine.bytesWritten + trailerBytes;
  if (end > object.length) throw damaged('it was cut off');
  if (object.readUInt32LE(end - trailerBytes) !== crc32(buffer)) throw damaged('a checksum differs');
  return { bytes: buffer, end };
}

const trailerBytes = 8;

function headerLength(object: Buffer, at: number): number {
  const flags = object[at + 3] ?? 0;
  let length = 10;
  if (flags & 4) length += 2 + (object[at + length] ?? 0) + ((object[at + length + 1] ?? 0) << 8);
  // A file's name and a comment are texts that a zero byte ends.
  for (const text of [8, 16]) {
    if (!(flags & text)) continue;
    const zero = object.indexOf(0, at + length);
    if (zero === -1) throw damaged('it was cut off');
    length = zero + 1 - at;
  }
  return flags & 2 ? length + 2 : length;
}

/** With `info`, zlib also gives its engine, which says how many bytes the member takes. */
function inflate(bytes: Buffer, capBytes: number): Inflated {
  const options: ZlibOptions = { info: true, maxOutputLength: capBytes };
  try {
    return inflateRawSync(bytes, options) as unknown as Inflated;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE')
      throw new RelayError(
        'ObjectAboveCap',
        `The object is not read: one of its gzip members holds more than ${Math.floor(capBytes / 1024 ** 2)} MiB of lines.`,
        { cause: error },
      );
    throw damaged(error instanceof Error ? error.message : String(error), error);
  }
}

interface Inflated {
  readonly buffer: Buffer;
  readonly engine: { readonly bytesWritten: number };
}

function damaged(reason: string, cause?: unknown): RelayError {
  return new RelayError('DamagedObject', `The object cannot be read as delivered lines: ${reason}.`, {
    cause,
  });
}
