import { RelayError } from '../relay-error.ts';
import type { QuarantineEntry } from '../stored/quarantine-entry.ts';
import type { DeliveryFlow } from './delivery-flow.ts';
import type { Destination } from './destination.ts';
import { SinkRefused } from './errors.ts';
import type { CutBatch } from './open-batch.ts';
import { recordsInCall } from './pack.ts';
import type { Clock, Journal } from './ports.ts';
import { prepareRecords } from './prepare-records.ts';

/**
 * Brings one journaled batch to one destination, for a run and for a sweep alike.
 *
 * `delivered` means that Firehose accepted every record, and that what it can never take lies in quarantine;
 * only then may progress be recorded. Refused records alone are sent again. Calling it twice for one batch
 * delivers twice, byte for byte the same.
 *
 * @throws {RelayError} `QuarantineRefused`; what an event makes the code throw
 */
export async function deliver(
  { batch, cut }: CutBatch,
  destination: Destination,
  means: DeliveryMeans,
): Promise<DeliveryOutcome> {
  const prepared = prepareRecords(
    cut,
    {
      type: means.type,
      stream: batch.stream,
      collectedAt: batch.collectedAt,
      recovered: batch.recovered === true,
    },
    destination,
  );
  let refusedRecords = 0;
  try {
    const sent = await sendAll(prepared.records, destination, means);
    refusedRecords = sent.refusedRecords;
    if (sent.ended) return { ...sent.ended, refusedRecords };
  } finally {
    prepared.release();
  }
  // After the records: the last resort of a run that S3 refuses must not fail at a quarantine in S3.
  for (const { index, bytes } of prepared.oversized) {
    const entry = {
      run: batch.run,
      startedAt: batch.startedAt,
      number: batch.number,
      destination: destination.name,
      index,
      reason: 'event-above-record-limit',
      collectedAt: batch.collectedAt,
      stream: batch.stream,
      bytes,
      encoding: 'identity',
    } as const;
    await quarantine(entry, means);
  }
  return {
    kind: 'delivered',
    events: prepared.events,
    records: prepared.records.length,
    rawBytes: prepared.rawBytes,
    billedBytes: prepared.billedBytes,
    quarantined: prepared.oversized.length,
    refusedRecords,
  };
}

export interface DeliveryMeans {
  readonly type: string;
  readonly journal: Pick<Journal, 'quarantine'>;
  readonly clock: Clock;
  /** Ends every wait and call, when the invocation has to end. */
  readonly signal: AbortSignal;
  /** How long this batch may be refused, other than by throttling, before it is left to a later sweep. */
  readonly patienceMs: number;
  /** How long it may be throttled without any progress; absent where throttling ends nothing. */
  readonly throttlePatienceMs?: number;
  readonly flow: DeliveryFlow;
}

export interface Delivered {
  readonly events: number;
  readonly records: number;
  readonly rawBytes: number;
  readonly billedBytes: number;
  readonly quarantined: number;
  /** Records that were refused at first and sent again. */
  readonly refusedRecords: number;
}

export type DeliveryOutcome =
  | ({ readonly kind: 'delivered' } & Delivered)
  /** The destination's delivery stream would not take it within the patience, for a reason other than throttling. */
  | { readonly kind: 'refused'; readonly reason: string; readonly refusedRecords: number }
  /** The signal ended it. */
  | { readonly kind: 'aborted'; readonly refusedRecords: number };

async function quarantine(entry: QuarantineEntry, { journal, signal }: DeliveryMeans): Promise<void> {
  try {
    await journal.quarantine(entry, signal);
  } catch (cause) {
    throw new RelayError(
      'QuarantineRefused',
      'An event that no record can hold could not be put into quarantine; its batch is delivered again later.',
      { cause },
    );
  }
}

interface Sent {
  readonly refusedRecords: number;
  /** Absent where Firehose has accepted every record. */
  readonly ended?: { readonly kind: 'refused'; readonly reason: string } | { readonly kind: 'aborted' };
}

/** Sends records in calls of the size that the flow allows, and again what was refused of them. */
async function sendAll(
  records: readonly Uint8Array[],
  destination: Destination,
  means: DeliveryMeans,
): Promise<Sent> {
  const { clock, signal, flow } = means;
  let waiting = records;
  let refusedRecords = 0;
  let giveUpAt = Number.POSITIVE_INFINITY;
  let attempt = 0;
  let wasThrottled: boolean | undefined;
  while (waiting.length > 0) {
    const call = waiting.slice(0, recordsInCall(waiting, flow.callBytes));
    await flow.wait(bytesOf(call));
    if (signal.aborted) return { refusedRecords, ended: { kind: 'aborted' } };
    const { left, refusal } = await attemptPut(call, destination, means);
    waiting = [...left, ...waiting.slice(call.length)];
    if (refusal === undefined) {
      giveUpAt = Number.POSITIVE_INFINITY;
      wasThrottled = undefined;
      attempt = 0;
      continue;
    }
    if (signal.aborted) return { refusedRecords, ended: { kind: 'aborted' } };
    refusedRecords += refusal.records;
    if (left.length < call.length) attempt = 0;
    // Patience counts from the first refusal, so a slow but willing delivery stream is never left. A delivery stream
    // that throttles is willing: it asks for time alone.
    const patienceMs = refusal.throttled
      ? (means.throttlePatienceMs ?? Number.POSITIVE_INFINITY)
      : means.patienceMs;
    const isNew = refusal.throttled !== wasThrottled || (refusal.throttled && left.length < call.length);
    giveUpAt = Math.min(isNew ? Number.POSITIVE_INFINITY : giveUpAt, clock.now() + patienceMs);
    wasThrottled = refusal.throttled;
    const waitMs = Math.min(
      fullJitter(attempt, clock.random()),
      refusal.throttled ? throttleWaitMs : Number.POSITIVE_INFINITY,
    );
    attempt += 1;
    if (clock.now() + waitMs > giveUpAt)
      return { refusedRecords, ended: { kind: 'refused', reason: refusal.reason } };
    await clock.sleep(waitMs, signal);
  }
  return { refusedRecords };
}

/** A quota is one of bytes a second, so no wait for room needs to be longer. */
const throttleWaitMs = 1_000;

interface Attempt {
  /** Records that Firehose did not take, in order. */
  readonly left: readonly Uint8Array[];
  /** `records`: how many Firehose refused one by one; 0 where it refused the whole call. */
  readonly refusal?: { readonly throttled: boolean; readonly reason: string; readonly records: number };
}

/** One PutRecordBatch. */
async function attemptPut(
  call: readonly Uint8Array[],
  { sink }: Destination,
  { signal, flow }: DeliveryMeans,
): Promise<Attempt> {
  try {
    const codes = await sink.put(call, signal);
    const left = call.filter((_, index) => codes[index] !== undefined);
    if (left.length < call.length) flow.taken();
    if (left.length === 0) return { left };
    flow.returned(bytesOf(left));
    const refused = codes.filter((code) => code !== undefined);
    const failure = refused.find((code) => !isThrottle(code));
    return {
      left,
      refusal: {
        throttled: failure === undefined,
        reason: failure ?? refused[0]!,
        records: left.length,
      },
    };
  } catch (error) {
    flow.returned(bytesOf(call));
    // The AWS client's own error for an aborted call.
    if (signal.aborted) return { left: call, refusal: { throttled: false, reason: 'aborted', records: 0 } };
    if (!(error instanceof SinkRefused)) throw error;
    if (error.throttled) flow.throttled(bytesOf(call));
    return {
      left: call,
      refusal: { throttled: error.throttled, reason: String(error.facts.error), records: 0 },
    };
  }
}

function bytesOf(records: readonly Uint8Array[]): number {
  return records.reduce((sum, { byteLength }) => sum + byteLength, 0);
}

/** Firehose answers throttling per record with this code. */
function isThrottle(code: string): boolean {
  return code === 'ServiceUnavailableException';
}

/** Milliseconds before attempt 1, 2, …: exponential from 100 ms, at most 5 s, full jitter. */
export function fullJitter(attempt: number, random: number): number {
  return random * Math.min(5_000, 100 * 2 ** attempt);
}
