/** Firehose's limit for a record, before base64. @see https://docs.aws.amazon.com/firehose/latest/APIReference/API_PutRecordBatch.html */
export const recordLimitBytes = 1_000 * 1024;

/** Firehose drops events in silence when it de-aggregates a record of more. @see recordLimitBytes */
export const recordLimitEvents = 500;

/**
 * The bytes that Firehose bills for a record: its size, rounded up to 5 KB. @see
 * https://aws.amazon.com/firehose/pricing/
 */
export function billedSize(recordBytes: number): number {
  return Math.ceil(recordBytes / billingStep) * billingStep;
}

const billingStep = 5 * 1024;
const smallestRecord = 64 * 1024;
const largestRecord = 512 * 1024;

/**
 * Divides lines, which lie one after the other, into records between 64 and 512 KiB, at the line ends where
 * rounding loses least. Only two records may be smaller: the last one, and one before a line of more than 448 KiB.
 *
 * @param lineEnds the offset after each line, ascending from the first line's start at 0; no line above
 * `recordLimitBytes`
 * @param mostBytes of a record of several lines; above 512 KiB it changes nothing
 * @returns for each record, the number of lines up to its end; the last one is `lineEnds.length`
 */
export function packLines(lineEnds: Uint32Array, mostBytes = largestRecord): readonly number[] {
  const packed: number[] = [];
  const largest = Math.min(mostBytes, largestRecord);
  for (let first = 0; first < lineEnds.length; first = packed.at(-1)!)
    packed.push(endOfRecord(lineEnds, first, largest));
  return packed;
}

function endOfRecord(lineEnds: Uint32Array, first: number, largest: number): number {
  const start = first === 0 ? 0 : lineEnds[first - 1]!;
  const last = Math.min(first + recordLimitEvents, lineEnds.length);
  let best = first + 1;
  let leastLoss = Number.POSITIVE_INFINITY;
  for (let end = first + 1; end <= last; end++) {
    const size = lineEnds[end - 1]! - start;
    if (size > largest && end > first + 1) break;
    // If one record holds all that is left, no division can lose less.
    if (end === lineEnds.length) return end;
    const loss = size < smallestRecord ? Number.POSITIVE_INFINITY : (billedSize(size) - size) / size;
    if (loss > leastLoss) continue;
    leastLoss = loss;
    best = end;
  }
  return best;
}

/**
 * Counts the records, from the first, that go into one call of PutRecordBatch: at most 500, 4 MiB of encoded body,
 * and `mostBytes` of records. The count is never below one: a large record waits for room by itself.
 */
export function recordsInCall(records: readonly Uint8Array[], mostBytes: number): number {
  let count = 0;
  let bytes = 0;
  let room = callLimitBytes - callFrameBytes;
  for (const { length } of records) {
    bytes += length;
    room -= 4 * Math.ceil(length / 3) + recordFrameBytes;
    if (count > 0 && (bytes > mostBytes || room < 0 || count === callLimitRecords)) break;
    count += 1;
  }
  return count;
}

const callLimitRecords = 500;

/** AWS does not say whether the limit counts base64. AWS's own Fluent Bit output counts it, and so does the relay. */
const callLimitBytes = 4 * 1024 * 1024;

/** `{"Data":""},` */
const recordFrameBytes = 12;

/** `{"DeliveryStreamName":"","Records":[]}` with a name of at most 64 characters. */
const callFrameBytes = 128;
