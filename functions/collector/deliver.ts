import type { Destination } from './destination.ts';
import { SinkRefused } from './errors.ts';
import type { CutBatch } from './open-batch.ts';
import { groupCalls } from './pack.ts';
import type { Clock, Journal } from './ports.ts';
import { prepareRecords } from './prepare-records.ts';

/**
 * Brings one journaled batch to one destination, for a run and for a sweep alike.
 *
 * `delivered` means that Firehose accepted every record, and that what it can never take lies in quarantine;
 * only then may progress be recorded. Refused records alone are sent again. Calling it twice for one batch
 * delivers twice, byte for byte the same.
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
    for (const call of groupCalls(prepared.records)) {
      const sent = await sendUntilAccepted(call, destination, means);
      refusedRecords += sent.refusedRecords;
      if (sent.ended) return { ...sent.ended, refusedRecords };
    }
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
    await means.journal.quarantine(entry, means.signal);
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
  /** How long this batch may be refused before it is left to the sweep. */
  readonly patienceMs: number;
  /** Waits until so many bytes may be sent; absent where nothing limits the pace. */
  readonly pace?: (bytes: number) => Promise<void>;
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
  /** The destination's delivery stream would not take it within the patience. */
  | {
      readonly kind: 'refused';
      readonly throttled: boolean;
      readonly reason: string;
      readonly refusedRecords: number;
    }
  /** The signal ended it. */
  | { readonly kind: 'aborted'; readonly throttled: boolean; readonly refusedRecords: number };

type Ended = { readonly kind: 'refused'; readonly throttled: boolean; readonly reason: string };

/** One PutRecordBatch, and again for what it refused. */
async function sendUntilAccepted(
  records: readonly Uint8Array[],
  destination: Destination,
  means: DeliveryMeans,
): Promise<{
  readonly refusedRecords: number;
  readonly ended?: Ended | { readonly kind: 'aborted'; readonly throttled: boolean };
}> {
  const { clock, signal } = means;
  let waiting = records;
  let refusedRecords = 0;
  let refusal: Ended | undefined;
  let giveUpAt = Number.POSITIVE_INFINITY;
  for (let attempt = 0; ; attempt++) {
    if (signal.aborted)
      return { refusedRecords, ended: { kind: 'aborted', throttled: refusal?.throttled ?? false } };
    await means.pace?.(waiting.reduce((sum, record) => sum + record.byteLength, 0));
    const answer = await attemptPut(waiting, destination, signal);
    if (answer.kind === 'answered') {
      const left = waiting.filter((_, index) => answer.codes[index] !== undefined);
      if (left.length === 0) return { refusedRecords };
      const code = answer.codes.find((each) => each !== undefined) as string;
      refusedRecords += left.length;
      refusal = { kind: 'refused', throttled: isThrottle(code), reason: code };
      waiting = left;
    } else {
      refusal = answer.refusal;
    }
    if (signal.aborted) return { refusedRecords, ended: { kind: 'aborted', throttled: refusal.throttled } };
    // Patience counts from the first refusal, so a slow but willing delivery stream is never left.
    giveUpAt = Math.min(giveUpAt, clock.now() + means.patienceMs);
    const waitMs = fullJitter(attempt, clock.random());
    if (clock.now() + waitMs > giveUpAt) return { refusedRecords, ended: refusal };
    await clock.sleep(waitMs, signal);
  }
}

async function attemptPut(
  records: readonly Uint8Array[],
  destination: Destination,
  signal: AbortSignal,
): Promise<
  | { readonly kind: 'answered'; readonly codes: readonly (string | undefined)[] }
  | { readonly kind: 'refused'; readonly refusal: Ended }
> {
  try {
    return { kind: 'answered', codes: await destination.sink.put(records, signal) };
  } catch (error) {
    // The AWS client's own error for an aborted call.
    if (signal.aborted)
      return { kind: 'refused', refusal: { kind: 'refused', throttled: false, reason: 'aborted' } };
    if (!(error instanceof SinkRefused)) throw error;
    return {
      kind: 'refused',
      refusal: { kind: 'refused', throttled: error.throttled, reason: String(error.facts.error) },
    };
  }
}

/** Firehose answers throttling per record with this code. */
function isThrottle(code: string): boolean {
  return code === 'ServiceUnavailableException';
}

/** Milliseconds before attempt 1, 2, …: exponential from 100 ms, at most 5 s, full jitter. */
export function fullJitter(attempt: number, random: number): number {
  return random * Math.min(5_000, 100 * 2 ** attempt);
}
