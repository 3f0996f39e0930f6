import { gunzipSync } from 'node:zlib';

/**
 * Reads the lines that Firehose could not deliver from an error object: one JSON object a line, with the record in
 * `rawData`.
 *
 * @see https://docs.aws.amazon.com/firehose/latest/dev/retry.html "S3 backup bucket error format"
 */
export function readErrorObject(body: Uint8Array): {
  readonly lines: readonly Uint8Array[];
  readonly problems: readonly string[];
  /** When Firehose took the oldest of them, milliseconds since the epoch; absent where no line says so. */
  readonly arrivedAt?: number;
} {
  const text = body[0] === 0x1f && body[1] === 0x8b ? gunzipSync(body) : Buffer.from(body);
  const lines: Uint8Array[] = [];
  let without = 0;
  let damaged = 0;
  let arrivedAt = Number.POSITIVE_INFINITY;
  for (const error of splitLines(text)) {
    arrivedAt = Math.min(arrivedAt, arrivalOf(error));
    const record = rawDataOf(error);
    const plain = record === undefined ? undefined : plainOf(record);
    if (plain !== undefined) lines.push(...splitLines(plain));
    else if (record === undefined) without += 1;
    else damaged += 1;
  }
  const problems = [
    [without, 'hold no rawData'],
    [damaged, 'do not decompress'],
  ] as const;
  return {
    lines,
    ...(Number.isFinite(arrivedAt) && { arrivedAt }),
    problems: problems.flatMap(([count, what]) =>
      count === 0 ? [] : [`${count} of its error records ${what}`],
    ),
  };
}

/**
 * Decompresses a record.
 *
 * @returns undefined where the record is compressed and damaged
 */
function plainOf(record: Buffer): Buffer | undefined {
  if (record[0] !== 0x1f || record[1] !== 0x8b) return record;
  try {
    return gunzipSync(record);
  } catch (error) {
    if (error instanceof Error && 'code' in error) return undefined;
    throw error;
  }
}

/**
 * Reads `rawData` without parsing the line: Firehose's documentation shows messages whose quotes are not escaped,
 * which are no JSON.
 */
function rawDataOf(error: Uint8Array): Buffer | undefined {
  const found = /"rawData"\s*:\s*"([A-Za-z0-9+/]*={0,2})"/.exec(Buffer.from(error).toString('latin1'));
  return found === null ? undefined : Buffer.from(found[1]!, 'base64');
}

/** Reads `arrivalTimestamp`, as `rawDataOf` reads the record. */
function arrivalOf(error: Uint8Array): number {
  const found = /"arrivalTimestamp"\s*:\s*(\d{1,15})\b/.exec(Buffer.from(error).toString('latin1'));
  return found === null ? Number.POSITIVE_INFINITY : Number(found[1]);
}

/** Splits text into lines without their line breaks, and leaves empty lines out. */
function splitLines(text: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  for (let start = 0; start < text.length; ) {
    const found = text.indexOf(0x0a, start);
    const end = found === -1 ? text.length : found;
    if (end > start) lines.push(text.subarray(start, end));
    start = end + 1;
  }
  return lines;
}
