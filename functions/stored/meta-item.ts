import { RelayError } from '../relay-error.ts';
import type { RunId } from './run-id.ts';
import type { RunEnd } from './run-item.ts';
import type { StreamItem } from './stream-item.ts';

/** What the collector keeps of a stream: its `META` item, which is there for ever. Times are ms since the epoch. */
export interface Meta {
  readonly type: string;
  /** Mosaic's id of the stream. */
  readonly streamId: string;
  /** The version of the item's shape; a collector refuses a newer one than it knows. */
  readonly schema: number;
  readonly lease?: Lease;
  readonly lastEnd?: RunEnd;
  readonly totals: Totals;
  readonly auditedAt?: number;
  /** When the table was last put back to an earlier time, which may have forgotten what runs had told of losses. */
  readonly restoredAt?: number;
  /** Of a witness: everything that it read before this time has been compared. A whole hour. */
  readonly comparedUntil?: number;
  /** Streams whose id was replaced in the settings, read until they are empty. */
  readonly retiring: readonly RetiringStream[];
  /** How much to ask Mosaic for; absent where nothing has failed, and the setting holds. */
  readonly asking?: Asking;
}

/** Which run is at work. `until` is the time at which that run has ended in any case. */
export interface Lease extends RunId {
  readonly until: number;
}

/** How many events to ask for, where that is not what the setting says. */
export interface Asking {
  /** 1..1000, at most the setting. */
  readonly batchSize: number;
  /** No ask may be above it for a while: half of what ended in an unknown outcome. */
  readonly ceiling?: { readonly batchSize: number; readonly until: number };
}

export interface RetiringStream {
  readonly streamId: string;
  /** When the stream that replaces it was created. */
  readonly since: number;
  /** When a drained run first found it empty, and every drained run since; absent where the last one did not. */
  readonly emptySince?: number;
  /** How much to ask this stream for; absent where nothing has failed. */
  readonly asking?: RetiringAsking;
}

export interface RetiringAsking extends Asking {
  /** Nothing is asked before: the stream gave no answer at all when it was last asked. */
  readonly restUntil?: number;
}

/** What a stream has given since it began. */
export interface Totals {
  readonly events: number;
  readonly batches: number;
  readonly sourceBytes: number;
}

/** The sort key of a stream's own item. */
export const metaKey = 'META';

/** The version of the item's shape that this code writes, and the newest that it reads. */
export const metaSchema = 1;

/**
 * `META`, of which the stream lifecycle may have written a part before any run.
 *
 * @param stream type and id from the settings, used while the item does not hold them
 * @throws {RelayError} `TableFromNewerVersion`
 */
export function readMeta(
  item: StreamItem | undefined,
  stream: { readonly type: string; readonly streamId: string },
): Meta | undefined {
  if (item === undefined) return undefined;
  const schema = Number(item.schema ?? metaSchema);
  if (schema > metaSchema) throw newerVersion(item, schema);
  return {
    type: String(item.type ?? stream.type),
    streamId: String(item.streamId ?? stream.streamId),
    schema,
    lease: item.lease as Lease | undefined,
    lastEnd: item.lastEnd as RunEnd | undefined,
    totals: {
      events: Number(item.events ?? 0),
      batches: Number(item.batches ?? 0),
      sourceBytes: Number(item.sourceBytes ?? 0),
    },
    auditedAt: item.auditedAt as number | undefined,
    restoredAt: item.restoredAt as number | undefined,
    comparedUntil: item.comparedUntil as number | undefined,
    retiring: (item.retiring ?? []) as Meta['retiring'],
    asking: item.asking as Meta['asking'],
  };
}

function newerVersion({ stream }: StreamItem, schema: number): RelayError {
  return new RelayError(
    'TableFromNewerVersion',
    `The table's item of stream ${stream} has schema ${schema}, and this version knows ${metaSchema}. ` +
      'Nothing was collected; deploy the newer version again.',
    { facts: { schema } },
  );
}

/** Which lease a grant has replaced, and how many runs in a row never ended, that of the lease included. */
export interface FoundLease {
  readonly lease: Lease | undefined;
  readonly neverEnded: number;
}

/** @param before the item as it was before the grant */
export function leaseBeforeGrant(before: StreamItem | undefined): FoundLease {
  const lease = before?.lease as Lease | undefined;
  return { lease, neverEnded: lease === undefined ? 0 : Number(before?.unended ?? 1) };
}

/** @param granted the item in which a run finds its own lease: an earlier write of the same grant was not answered */
export function leaseFoundByGrant(granted: StreamItem | undefined): FoundLease {
  const lease = (granted?.foundLease as Lease | null | undefined) ?? undefined;
  // Its own write has counted it already.
  return { lease, neverEnded: lease === undefined ? 0 : Math.max(1, Number(granted?.unended ?? 0) - 1) };
}

/**
 * The item as it is put back from an earlier time: the journal is audited at once, and a comparison knows that losses
 * may have been forgotten.
 * @param restoredAt now, in the form that the item's values have: `{ N: '…' }` where they come from a scan
 * @see ../../docs/restore-table.md
 */
export function putBackItem<Value>(
  item: Readonly<Record<string, Value>>,
  restoredAt: Value,
): Readonly<Record<string, Value>> {
  const { auditedAt: _, auditing: __, ...rest } = item;
  return { ...rest, restoredAt };
}

/** When the last audit was made. @param before the item as it was before the next one began */
export function auditedBefore(before: StreamItem | undefined): number | undefined {
  return before?.auditedAt as number | undefined;
}
