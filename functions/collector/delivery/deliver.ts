import { RelayError } from '../../relay-error.ts';
import type { QuarantineEntry } from '../../stored/quarantine-entry.ts';
import { fullJitter } from '../protocol/full-jitter.ts';
import type { Cut, CutBatch } from '../protocol/ports/answers.ts';
import type { DeliverOptions, DeliveryOutcome } from '../protocol/ports/destination.ts';
import { SinkRefused } from '../protocol/ports/sink.ts';
import type { DestinationView } from '../views/destination-view.ts';
import type { SeenCut } from '../views/see-cut.ts';
import type { DeliverySettings } from './delivery-settings.ts';
import { findLate } from './late-events.ts';
import { recordsInCall } from './pack.ts';
import { prepareRecords } from './prepare-records.ts';

/**
 * Brings one journaled batch to one destination. Only records that were refused are sent again.
 *
 * @see DestinationPort.deliver for the outcome and for errors
 */
export async function deliver(
  { batch, cut: raw }: CutBatch,
  destination: DeliverySettings,
  means: DeliverOptions,
): Promise<DeliveryOutcome> {
  // The records of a later turn must be those of the first, so all turns judge by the first one's time.
  const judgedAt = means.turn?.judgedAt ?? means.clock.now();
  const { ages } = destination;
  const seen =
    destination.view === undefined
      ? undefined
      : await seeThrough(destination.view, raw, { type: means.type, collectedAt: batch.collectedAt });
  if (seen !== undefined && 'refusal' in seen)
    return { kind: 'refused', reason: seen.refusal, refusedRecords: 0 };
  const cut = seen?.cut ?? raw;
  const late = ages === undefined ? undefined : findLate(cut, ages, judgedAt);
  const prepared = prepareRecords(
    cut,
    {
      type: means.type,
      stream: batch.stream,
      collectedAt: batch.collectedAt,
      recovered: batch.recovered === true,
      view: destination.view?.label,
      key: seen?.key,
    },
    { ...destination, heldBack: ages?.hold ? late?.marks : undefined },
  );
  let refusedRecords = 0;
  try {
    const sent = await sendAll(prepared.records, destination, means);
    refusedRecords = sent.refusedRecords;
    if (sent.ended?.kind === 'put-off') return { ...sent.ended, judgedAt, refusedRecords };
    if (sent.ended) return { ...sent.ended, refusedRecords };
  } finally {
    prepared.release();
  }
  // The quarantine comes after the records. S3 may refuse it, and a last resort is there for S3's refusals.
  for (const oversized of prepared.oversized) {
    const index = seen?.indexes[oversized.index] ?? oversized.index;
    const entry = {
      run: batch.run,
      startedAt: batch.startedAt,
      number: batch.number,
      destination: destination.name,
      index,
      reason: 'event-above-record-limit',
      collectedAt: batch.collectedAt,
      stream: batch.stream,
      // The quarantine has what was received, whatever the destination may see of it.
      bytes: raw.source.subarray(raw.starts[index]!, raw.ends[index]!),
      encoding: 'identity',
    } as const;
    await putAside(entry, means);
  }
  return {
    kind: 'delivered',
    events: prepared.events,
    records: prepared.records.length,
    rawBytes: prepared.rawBytes,
    billedBytes: prepared.billedBytes,
    quarantined: prepared.oversized.length,
    late: late?.count ?? 0,
    ...(seen?.hides ? { view: seen.counts } : {}),
    unmapped: seen?.unmapped ?? 0,
    refusedRecords,
  };
}

/** A key that cannot be used is a refusal: the batch waits for the sweep, and nothing goes out unmasked. */
async function seeThrough(
  view: DestinationView,
  cut: Cut,
  { type, collectedAt }: { readonly type: string; readonly collectedAt: number },
): Promise<SeenCut | { readonly refusal: string }> {
  try {
    return await view.see(cut, type, collectedAt);
  } catch (error) {
    if (error instanceof RelayError) return { refusal: error.code };
    throw error;
  }
}

async function putAside(entry: QuarantineEntry, { quarantine, signal }: DeliverOptions): Promise<void> {
  try {
    await quarantine.quarantine(entry, signal);
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
  readonly ended?:
    | { readonly kind: 'refused'; readonly reason: string }
    | { readonly kind: 'put-off'; readonly unsent: readonly number[] }
    | { readonly kind: 'aborted' };
}

/** Sends records in calls of the size that the flow allows, and sends refused records again. */
async function sendAll(
  records: readonly Uint8Array[],
  destination: DeliverySettings,
  means: DeliverOptions,
): Promise<Sent> {
  const { clock, signal, flow, turn } = means;
  const startedAt = clock.now();
  let waiting = turn?.unsent?.map((index) => records[index]!) ?? records;
  let takenBytes = 0;
  let refusedRecords = 0;
  let giveUpAt = Number.POSITIVE_INFINITY;
  let attempt = 0;
  let wasThrottled: boolean | undefined;
  while (waiting.length > 0) {
    const behindMs = clock.now() - startedAt - flow.durationMs(takenBytes);
    // A failing delivery stream does not end a turn: its patience, which is short, does.
    if (turn !== undefined && behindMs > turn.mostBehindMs && wasThrottled !== false)
      return { refusedRecords, ended: { kind: 'put-off', unsent: indexesOf(waiting, records) } };
    const call = waiting.slice(0, recordsInCall(waiting, flow.callBytes));
    await flow.wait(bytesOf(call));
    if (signal.aborted) return { refusedRecords, ended: { kind: 'aborted' } };
    const { left, refusal } = await attemptPut(call, destination, means);
    waiting = [...left, ...waiting.slice(call.length)];
    takenBytes += bytesOf(call) - bytesOf(left);
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

function indexesOf(some: readonly Uint8Array[], all: readonly Uint8Array[]): readonly number[] {
  const indexes = new Map(all.map((record, index) => [record, index]));
  return some.map((record) => indexes.get(record)!);
}

/** A quota counts bytes a second, so no wait for room needs to be longer. */
const throttleWaitMs = 1_000;

interface Attempt {
  /** Records that Firehose has not accepted, in order. */
  readonly left: readonly Uint8Array[];
  /** `records`: the number of records that Firehose refused one by one; 0 where it refused the whole call. */
  readonly refusal?: { readonly throttled: boolean; readonly reason: string; readonly records: number };
}

/** Makes one call of PutRecordBatch. */
async function attemptPut(
  call: readonly Uint8Array[],
  { sink }: DeliverySettings,
  { signal, flow }: DeliverOptions,
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
