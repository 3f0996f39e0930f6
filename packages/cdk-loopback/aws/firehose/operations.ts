import type { AwsAnswer } from '../aws-answer.ts';
import type { AwsCall } from '../aws-call.ts';
import { errorAnswer, jsonAnswer } from '../aws-error.ts';
import type { FirehoseFaults, RecordRefusal } from './faults.ts';
import type { HeldStream } from './held-stream.ts';
import type { MetricLog } from './metric-log.ts';
import { InvalidPut, type PutInput, readPutRecord, readPutRecordBatch } from './put-input.ts';

/** The state of the service that the operations share. */
export interface FirehoseState {
  readonly find: (name: string) => HeldStream | undefined;
  readonly now: () => number;
  readonly metrics: MetricLog;
  readonly faults: FirehoseFaults;
  readonly onAccepted?: (deliveryStream: string, record: Buffer) => void;
}

export const firehoseOperations: ReadonlySet<string> = new Set([
  'PutRecord',
  'PutRecordBatch',
  'DescribeDeliveryStream',
]);

/** Performs one of `firehoseOperations`. */
export function performFirehoseCall(call: AwsCall, state: FirehoseState): AwsAnswer {
  try {
    if (call.operation === 'PutRecordBatch') return putRecordBatch(readPutRecordBatch(call.input), state);
    if (call.operation === 'PutRecord') return putRecord(readPutRecord(call.input), state);
    const name = String(call.input.DeliveryStreamName);
    const held = state.find(name);
    return held ? jsonAnswer({ DeliveryStreamDescription: describe(held) }) : notFound(name);
  } catch (error) {
    if (!(error instanceof InvalidPut)) throw error;
    return errorAnswer('firehose', { status: 400, code: error.code, message: error.message });
  }
}

function putRecordBatch(input: PutInput, state: FirehoseState): AwsAnswer {
  const put = putRecords(input, state);
  if ('answer' in put) return put.answer;
  const failed = put.responses.filter((response) => 'ErrorCode' in response).length;
  const { responses, encrypted } = put;
  return jsonAnswer({ FailedPutCount: failed, Encrypted: encrypted, RequestResponses: responses });
}

/** A single record is refused by an exception. */
function putRecord(input: PutInput, state: FirehoseState): AwsAnswer {
  const put = putRecords(input, state);
  if ('answer' in put) return put.answer;
  const response = put.responses[0]!;
  if ('RecordId' in response) return jsonAnswer({ ...response, Encrypted: put.encrypted });
  const status = response.ErrorCode === 'InternalFailure' ? 500 : 503;
  return errorAnswer('firehose', { status, code: response.ErrorCode, message: response.ErrorMessage });
}

type RecordResponse =
  | { readonly RecordId: string }
  | { readonly ErrorCode: RecordRefusal; readonly ErrorMessage: string };

type PutOutcome =
  | { readonly responses: readonly RecordResponse[]; readonly encrypted: boolean }
  /** Of the call as a whole. */
  | { readonly answer: AwsAnswer };

/** How Firehose words throttling. */
const refusals: Readonly<Record<RecordRefusal, string>> = {
  ServiceUnavailableException: 'Slow down.',
  InternalFailure: 'Internal service failure.',
};

function putRecords(input: PutInput, state: FirehoseState): PutOutcome {
  const { name, records } = input;
  const { metrics, faults } = state;
  const held = state.find(name);
  if (!held) return { answer: notFound(name) };
  metrics.record(name, 'IncomingPutRequests', 1);
  recordLimits(held, metrics);
  const byCall = faults.throttlesWholeCalls?.(name) ?? false;
  const fits = held.throughput.takeRequest() && (!byCall || takeWhole(held, records));
  if (!fits) faults.onThrottled?.(name);
  if (!fits || faults.throttleCall?.(name)) {
    metrics.record(name, 'ThrottledRecords', records.length);
    const code = 'ServiceUnavailableException';
    return { answer: errorAnswer('firehose', { status: 503, code, message: refusals[code] }) };
  }
  const responses = records.map((data, index) => acceptRecord(held, { data, index, paid: byCall }, state));
  const accepted = records.filter((_, index) => 'RecordId' in responses[index]!);
  metrics.record(name, 'IncomingRecords', accepted.length);
  metrics.record(name, 'IncomingBytes', totalBytes(accepted));
  metrics.record(name, 'ThrottledRecords', records.length - accepted.length);
  if (faults.dropAnswer?.(name)) return { answer: { dropped: true } };
  return { responses, encrypted: held.encrypted };
}

/** What the quota is, as Firehose tells it with what came in. */
function recordLimits({ identity, throughput }: HeldStream, metrics: MetricLog): void {
  const { bytesPerSecond, recordsPerSecond, requestsPerSecond } = throughput.quota;
  metrics.record(identity.name, 'BytesPerSecondLimit', bytesPerSecond);
  metrics.record(identity.name, 'RecordsPerSecondLimit', recordsPerSecond);
  metrics.record(identity.name, 'PutRequestsPerSecondLimit', requestsPerSecond);
}

function takeWhole({ throughput }: HeldStream, records: readonly Buffer[]): boolean {
  return throughput.takeCall(records.map((data) => data.length));
}

/** @param record.paid where the call as a whole has taken its room */
function acceptRecord(
  held: HeldStream,
  record: { readonly data: Buffer; readonly index: number; readonly paid: boolean },
  state: FirehoseState,
): RecordResponse {
  const throttled = !record.paid && !held.throughput.takeRecord(record.data.length);
  if (throttled) state.faults.onThrottled?.(held.identity.name);
  const fault = state.faults.refuseRecord?.(held.identity.name, record.index);
  const refusal = fault ?? (throttled ? 'ServiceUnavailableException' : undefined);
  if (refusal) return { ErrorCode: refusal, ErrorMessage: refusals[refusal] };
  const id = held.identity.random.uuid();
  held.stream.accept({ id, data: record.data, arrivedAt: state.now() });
  state.onAccepted?.(held.identity.name, record.data);
  return { RecordId: id };
}

function totalBytes(records: readonly Buffer[]): number {
  return records.reduce((sum, data) => sum + data.length, 0);
}

function describe(held: HeldStream): Readonly<Record<string, unknown>> {
  const { identity } = held;
  return {
    DeliveryStreamName: identity.name,
    DeliveryStreamARN: identity.arn,
    DeliveryStreamStatus: 'ACTIVE',
    DeliveryStreamType: 'DirectPut',
    DeliveryStreamEncryptionConfiguration: { Status: held.encrypted ? 'ENABLED' : 'DISABLED' },
    VersionId: String(identity.version),
    CreateTimestamp: identity.createdAt / 1000,
    Destinations: [{ DestinationId: 'destinationId-000000000001', ...held.description }],
    HasMoreDestinations: false,
  };
}

function notFound(name: string): AwsAnswer {
  const message = `Firehose ${name} not found.`;
  return errorAnswer('firehose', { status: 400, code: 'ResourceNotFoundException', message });
}
