/** Raised for input that Firehose refuses; `code` is the service's own. */
export class InvalidPut extends Error {
  readonly code: 'ValidationException' | 'InvalidArgumentException';

  constructor(code: InvalidPut['code'], message: string) {
    super(message);
    this.code = code;
  }
}

export interface PutInput {
  readonly name: string;
  readonly records: readonly Buffer[];
}

const mostRecords = 500;
/** 1,000 KiB, before base64. */
const largestRecord = 1_024_000;
/**
 * The documentation says "up to 4 MB for the entire request" and leaves open how it counts; this takes the strict
 * reading, the data as it is on the wire.
 */
const largestCall = 4 * 1024 * 1024;

/**
 * Reads the input of PutRecordBatch.
 *
 * @throws {InvalidPut}
 * @see https://docs.aws.amazon.com/firehose/latest/APIReference/API_PutRecordBatch.html
 */
export function readPutRecordBatch(input: Readonly<Record<string, unknown>>): PutInput {
  const { DeliveryStreamName, Records, ...unknown } = input;
  refuseUnknown(unknown);
  if (!Array.isArray(Records) || Records.length < 1 || Records.length > mostRecords) {
    const count = Array.isArray(Records) ? Records.length : 'no';
    throw invalid(`${count} value at 'records': member must have length 1 to ${mostRecords}`);
  }
  const encodedBytes = Records.reduce((sum, record) => sum + encodedLength(record), 0);
  if (encodedBytes > largestCall) {
    throw new InvalidPut('InvalidArgumentException', 'Records size exceeds 4 MB limit');
  }
  return { name: readName(DeliveryStreamName), records: Records.map(readRecord) };
}

/** The same of PutRecord. @throws {InvalidPut} */
export function readPutRecord(input: Readonly<Record<string, unknown>>): PutInput {
  const { DeliveryStreamName, Record, ...unknown } = input;
  refuseUnknown(unknown);
  return { name: readName(DeliveryStreamName), records: [readRecord(Record, 0)] };
}

function readName(name: unknown): string {
  if (typeof name === 'string' && /^[a-zA-Z0-9_.-]{1,64}$/.test(name)) return name;
  throw invalid("value at 'deliveryStreamName' must be a name of 1 to 64 of a-z A-Z 0-9 _ . -");
}

function encodedLength(record: unknown): number {
  const data = (record as { Data?: unknown } | null)?.Data;
  return typeof data === 'string' ? data.length : 0;
}

function readRecord(record: unknown, index: number): Buffer {
  const where = `'records.${index + 1}.member.data'`;
  if (typeof record !== 'object' || record === null) throw invalid(`value at ${where} must not be null`);
  const { Data, ...unknown } = record as Readonly<Record<string, unknown>>;
  refuseUnknown(unknown);
  if (typeof Data !== 'string') throw invalid(`value at ${where} must not be null`);
  const bytes = Buffer.from(Data, 'base64');
  // Node skips what is not base64, so that what was skipped shows in the length.
  if (Data.length % 4 !== 0 || bytes.length !== decodedLength(Data)) throw invalid(`${where} is not base64`);
  if (bytes.length > largestRecord) throw invalid(`${where} must have length at most ${largestRecord}`);
  return bytes;
}

function decodedLength(base64: string): number {
  const padding = base64.endsWith('==') ? 2 : base64.endsWith('=') ? 1 : 0;
  return (base64.length / 4) * 3 - padding;
}

function refuseUnknown(unknown: object): void {
  const names = Object.keys(unknown);
  if (names.length > 0) throw invalid(`unknown: ${names.join(', ')}`);
}

function invalid(problem: string): InvalidPut {
  return new InvalidPut('ValidationException', `1 validation error detected: ${problem}`);
}
