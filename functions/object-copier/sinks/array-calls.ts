import { createGunzip } from 'node:zlib';
import { RelayError } from '../../relay-error.ts';

const newline = 0x0a;
/** Firehose accepts no event above 1,000 KiB, so a longer line comes from another writer. */
const longestLineBytes = 8 * 1024 * 1024;

/**
 * Reads the lines of a gzipped, newline-delimited object, byte for byte and without blank ones.
 * @throws {RelayError} `DamagedObject`, after the lines before the damage
 */
export async function* gunzippedLines(gzipped: Uint8Array): AsyncGenerator<Uint8Array> {
  let rest: Uint8Array = new Uint8Array();
  for await (const chunk of gunzip(gzipped)) {
    let start = 0;
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, start)) {
      const line = joined(rest, chunk.subarray(start, end));
      rest = new Uint8Array();
      start = end + 1;
      if (line.length > 0) yield line;
    }
    rest = joined(rest, chunk.subarray(start));
    if (rest.length > longestLineBytes) throw damaged(`a line is longer than ${longestLineBytes} bytes`);
  }
  if (rest.length > 0) yield rest;
}

async function* gunzip(gzipped: Uint8Array): AsyncGenerator<Uint8Array> {
  const chunks = createGunzip();
  chunks.end(gzipped);
  try {
    yield* chunks as AsyncIterable<Uint8Array>;
  } catch (error) {
    throw damaged(error instanceof Error ? error.message : String(error), error);
  }
}

function damaged(reason: string, cause?: unknown): RelayError {
  const message = `The object cannot be read as gzipped lines: ${reason}.`;
  return new RelayError('DamagedObject', message, { cause });
}

/**
 * Groups lines, in order, so that each group's array of rows is at most `maxBytes`. A longer line is a group of
 * its own.
 */
export async function* groupLines(
  lines: AsyncIterable<Uint8Array>,
  maxBytes: number,
): AsyncGenerator<readonly Uint8Array[]> {
  let group: Uint8Array[] = [];
  let size = 1;
  for await (const line of lines) {
    if (group.length > 0 && size + line.length + aroundBytes > maxBytes) {
      yield group;
      group = [];
      size = 1;
    }
    group.push(line);
    size += line.length + aroundBytes;
  }
  if (group.length > 0) yield group;
}

const before = Buffer.from('{"Event":');
const after = Buffer.from('}');
/** Bytes that an array of rows adds to each line: the row around the line, and a comma or the last bracket. */
const aroundBytes = before.length + after.length + 1;

/**
 * Writes lines as an array of rows with one column, `Event`. No event is parsed, so every number and key stays as
 * it was sent. A rule that receives events as columns would drop every member that it does not declare.
 */
export function asRows(lines: readonly Uint8Array[]): Uint8Array {
  const parts = lines.flatMap((line, index) => [Buffer.from(index === 0 ? '[' : ','), before, line, after]);
  return Buffer.concat([...parts, Buffer.from(']')]);
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  return first.length === 0 ? second : Buffer.concat([first, second]);
}
