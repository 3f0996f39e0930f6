/** Firehose's limit for a record, before base64. @see https://docs.aws.amazon.com/firehose/latest/APIReference/API_PutRecordBatch.html */
export const recordLimitBytes = 1_000 * 1024;

/** More in one record breaks Firehose's de-aggregation, in silence. @see recordLimitBytes */
export const recordLimitEvents = 500;

/** What Firehose bills for a record: its size, rounded up to 5 KB. @see https://aws.amazon.com/firehose/pricing/ */
export function billedSize(recordBytes: number): number {
  return Math.ceil(recordBytes / billingStep) * billingStep;
}

const billingStep = 5 * 1024;
const smallestRecord = 64 * 1024;
const largestRecord = 512 * 1024;

/**
 * Parts lines that lie one after the other into records, at the line ends where rounding loses least between 64
 * and 512 KiB. Only the last record may be smaller, and one that a line of above 448 KiB keeps from being larger.
 *
 * @param lineEnds the offset after each line, ascending from the first line's start at 0; no line above
 *   `recordLimitBytes`
 * @returns of each record, the number of lines up to its end; the last one is `lineEnds.length`
 */
export function packLines(lineEnds: Uint32Array): readonly number[] {
  const packed: number[] = [];
  for (let first = 0; first < lineEnds.length; first = packed.at(-1)!)
    packed.push(endOfRecord(lineEnds, first));
  return packed;
}

function endOfRecord(lineEnds: Uint32Array, first: number): number {
  const start = first === 0 ? 0 : lineEnds[first - 1]!;
  const last = Math.min(first + recordLimitEvents, lineEnds.length);
  let best = first + 1;
  let leastLoss = Number.POSITIVE_INFINITY;
  for (let end = first + 1; end <= last; end++) {
    const size = lineEnds[end - 1]! - start;
    if (size > largestRecord && end > first + 1) break;
    // All that is left in one record cannot be bettered by parting it.
    if (end === lineEnds.length) return end;
    const loss = size < smallestRecord ? Number.POSITIVE_INFINITY : (billedSize(size) - size) / size;
    if (loss > leastLoss) continue;
    leastLoss = loss;
    best = end;
  }
  return best;
}

/** Parts records, in order, into calls of PutRecordBatch: at most 500 records and 4 MiB of body as encoded. */
export function groupCalls(records: readonly Uint8Array[]): readonly (readonly Uint8Array[])[] {
  const calls: Uint8Array[][] = [];
  let room = 0;
  for (const record of records) {
    const encoded = 4 * Math.ceil(record.length / 3) + recordFrameBytes;
    const call = calls.at(-1);
    if (call === undefined || encoded > room || call.length === callLimitRecords) {
      calls.push([record]);
      room = callLimitBytes - callFrameBytes - encoded;
    } else {
      call.push(record);
      room -= encoded;
    }
  }
  return calls;
}

const callLimitRecords = 500;

/** AWS does not say whether base64 counts; its own Fluent Bit output takes it that it does, and so do we. */
const callLimitBytes = 4 * 1024 * 1024;

/** `{"Data":""},` */
const recordFrameBytes = 12;

/** `{"DeliveryStreamName":"","Records":[]}` and a name of at most 64 characters. */
const callFrameBytes = 128;
