import { openBatch } from '../../functions/collector/answers/open-batch.ts';
import { isLateEvent } from '../../functions/collector/delivery/late-events.ts';
import { backupDestinationFolder, readBackupKey } from '../../functions/stored/backup-key.ts';
import { readErrorObject } from '../../functions/stored/backup-object.ts';
import { quarantineBatchPrefix, readQuarantineKey } from '../../functions/stored/quarantine-key.ts';
import { readReplayedKey, replayedKey } from '../../functions/stored/replayed-key.ts';
import type { RunRecord } from '../../functions/stored/run-item.ts';
import { type Bucket, createBucket } from '../access/bucket.ts';
import type { DeployedRelay, DeployedStream } from '../access/deployed-relay.ts';
import { stateOf } from '../access/open-relay.ts';
import { operatorCapBytes, readJournaled } from '../replay/sources/journal.ts';
import type { JournaledEvent } from './find-events.ts';
import type { LateEvent } from './late-of-run.ts';
import { createLateSearch, type Lateness, latenessOf } from './late-search.ts';
import { type RunsOnRecord, readRuns, type Standing, standingOf } from './owed.ts';
import {
  arrivalHours,
  everythingOf,
  hourMs,
  type ReadableDestination,
  readableDestinationOf,
} from './readable-destination.ts';
import type { OpenedKey } from './view-secret.ts';

/** The places where one event is. */
export interface Trace {
  readonly stream: string;
  readonly type: string;
  readonly eventId: string;
  /** The ids in lines of views that change members, one for each key, that of today first; absent where no key could be read. */
  readonly keyedIds?: readonly string[];
  /** ISO 8601, like all times here. */
  readonly timestamp?: string;
  readonly collectedAt: string;
  readonly journal: {
    readonly key: string;
    readonly run: string;
    readonly number: number;
    readonly index: number;
  };
  /** The record of the run; absent while the run is open, and after the record has expired. */
  readonly run?: Pick<RunRecord, 'outcome'> & { readonly startedAt: string; readonly endedAt: string };
  readonly destinations: readonly DestinationTrace[];
  /** Objects in quarantine that hold it, or held it before a replay. */
  readonly quarantine: readonly string[];
}

interface DestinationTrace {
  readonly name: string;
  readonly kind: string;
  /** `late`: too old or too new for its receiver, and so not sent, refused or dropped. */
  readonly state: Standing | 'late';
  /** Set if the event was late for the destination's receiver. A re-dated one is `accepted`. */
  readonly late?: Lateness;
  /** Set if the event became late about when it was delivered: before or after, nothing tells. */
  readonly mayBeLate?: Lateness;
  /** Objects at the destination that hold it, where they can be read. */
  readonly objects: readonly string[];
  /** Set if no object that arrived before this time holds the event, and later objects were not read. */
  readonly lookedUntil?: string;
  /** Objects under `backup/` that hold it, or held it before a replay. */
  readonly backups: readonly string[];
}

export async function traceEvent(
  relay: DeployedRelay,
  stream: DeployedStream,
  { event, keys = [] }: { readonly event: JournaledEvent; readonly keys?: readonly OpenedKey[] },
): Promise<Trace> {
  const { batch, index, eventId, collectedAt, timestamp } = event;
  // A line of a view has an id that the view's key makes, whichever view the destination had then.
  const keyedIds = keys.flatMap(({ idOf }) => idOf?.(eventId) ?? []);
  const ids = [eventId, ...keyedIds];
  const bucket = createBucket(relay.clients.s3, relay.bucket);
  const runs = await readRuns(stateOf(relay, stream));
  const record = await runs.record(batch);
  const late = await latenessAt(event, { bucket, stream, runs, now: relay.now() });
  const destinations: DestinationTrace[] = [];
  for (const destination of stream.destinations) {
    const { name, kind } = destination;
    const holding = await readableDestinationOf(destination, relay, stream);
    const backupFolder = backupDestinationFolder({ streamName: stream.name, destination: name });
    destinations.push({
      name,
      kind,
      ...stateOfEvent(await standingOf(name, batch, runs), late.get(name)),
      ...(holding === undefined ? { objects: [] } : await objectsWith(ids, holding, { collectedAt, relay })),
      backups: [
        ...(await errorsWith(ids, bucket, backupFolder, collectedAt)),
        ...(await errorsWith(ids, bucket, replayedKey(backupFolder), collectedAt)),
        ...(await objectsWith(ids, everythingOf(destination, relay, stream), { collectedAt, relay })).objects,
      ],
    });
  }
  return {
    stream: stream.label,
    type: stream.type,
    eventId,
    ...(keyedIds.length === 0 ? {} : { keyedIds }),
    ...(timestamp === undefined ? {} : { timestamp: iso(timestamp) }),
    collectedAt: iso(collectedAt),
    journal: { key: batch.key, run: batch.run, number: batch.number, index },
    ...(record === undefined
      ? {}
      : {
          run: { outcome: record.outcome, startedAt: iso(record.startedAt), endedAt: iso(record.endedAt) },
        }),
    destinations,
    quarantine: await quarantinedWith(bucket, stream, event),
  };
}

function stateOfEvent(
  standing: Standing,
  lateness: LatenessAt | undefined,
): Pick<DestinationTrace, 'state' | 'late' | 'mayBeLate'> {
  if (lateness === undefined) return { state: standing };
  const { isCertain, treatment } = lateness;
  if (!isCertain) return { state: standing, mayBeLate: treatment };
  return { state: treatment === 're-dated' ? standing : 'late', late: treatment };
}

interface LatenessAt {
  readonly isCertain: boolean;
  readonly treatment: Lateness;
}

/** The destinations that an event was late for, or may have been. */
async function latenessAt(
  { batch, index, bytes, collectedAt }: JournaledEvent,
  context: LateContext,
): Promise<ReadonlyMap<string, LatenessAt>> {
  const { bucket, stream, now } = context;
  const limited = stream.destinations.filter(
    ({ ages }) =>
      ages !== undefined && (isLateEvent(bytes, ages, now) || isLateEvent(bytes, ages, collectedAt)),
  );
  if (limited.length === 0) return new Map();
  const opened = openBatch(await readJournaled(bucket, batch), operatorCapBytes);
  if ('damaged' in opened) return new Map();
  const search = createLateSearch({ ...stream, destinations: limited }, context);
  await search.see(batch, { cut: opened.cut, collectedAt });
  const found = await search.found();
  const isHere = (each: LateEvent): boolean => each.key === batch.key && each.index === index;
  return new Map(
    limited.flatMap(({ name, ages }) => {
      const isCertain = found.get(name)?.late.some(isHere) ?? false;
      const isFound = isCertain || found.get(name)?.mayBeLate.some(isHere);
      return isFound && ages !== undefined
        ? [[name, { isCertain, treatment: latenessOf(ages) }] as const]
        : [];
    }),
  );
}

interface LateContext {
  readonly bucket: Bucket;
  readonly stream: DeployedStream;
  readonly runs: RunsOnRecord;
  readonly now: number;
}

function iso(time: number): string {
  return new Date(time).toISOString();
}

/**
 * Deliveries hours later, after an outage or by a replay, are not searched: the objects of one hour may be gigabytes,
 * and there may be a month of them. `verify` searches them.
 */
const hoursLookedAt = 2;

async function objectsWith(
  ids: readonly string[],
  holding: ReadableDestination,
  { collectedAt, relay }: { readonly collectedAt: number; readonly relay: DeployedRelay },
): Promise<Pick<DestinationTrace, 'objects' | 'lookedUntil'>> {
  const found: string[] = [];
  let lookedUntil = collectedAt;
  const until = Math.min(relay.now(), collectedAt + hoursLookedAt * hourMs);
  for (const hour of arrivalHours(collectedAt, until)) {
    for await (const { address, lines } of holding.objects(hour)) {
      if (holds(lines, ids)) found.push(address);
    }
    if (found.length > 0) return { objects: found };
    lookedUntil = hour + hourMs;
  }
  return { objects: [], ...(lookedUntil > relay.now() ? {} : { lookedUntil: iso(lookedUntil) }) };
}

function holds(lines: Iterable<Uint8Array>, ids: readonly string[]): boolean {
  for (const line of lines) {
    const bytes = Buffer.from(line.buffer, line.byteOffset, line.length);
    if (ids.some((id) => bytes.includes(id))) return true;
  }
  return false;
}

async function errorsWith(
  ids: readonly string[],
  bucket: Bucket,
  prefix: string,
  collectedAt: number,
): Promise<string[]> {
  const found: string[] = [];
  for await (const { key, modifiedAt } of bucket.list(prefix)) {
    const backup = readBackupKey(readReplayedKey(key) ?? key);
    if (backup?.isCopy || modifiedAt < collectedAt - hourMs) continue;
    const { lines } = readErrorObject((await bucket.get(key)).body);
    if (holds(lines, ids)) found.push(`s3://${bucket.name}/${key}`);
  }
  return found;
}

async function quarantinedWith(
  bucket: Bucket,
  stream: DeployedStream,
  { batch, index }: JournaledEvent,
): Promise<string[]> {
  const found: string[] = [];
  const destinations = stream.destinations.map(({ name }) => name);
  const prefix = quarantineBatchPrefix({ ...batch, streamName: stream.name });
  for (const waiting of [prefix, replayedKey(prefix)]) {
    for await (const { key } of bucket.list(waiting)) {
      const entry = readQuarantineKey(readReplayedKey(key) ?? key, destinations);
      if (entry?.number !== batch.number) continue;
      if (entry.index === undefined || entry.index === index) found.push(`s3://${bucket.name}/${key}`);
    }
  }
  return found;
}
