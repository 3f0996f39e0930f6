import { RelayError } from '../../relay-error.ts';
import type { Lease, Meta, OpenRun, RunEnd, RunId, RunRecord } from '../ports.ts';
import type { Attributes } from './stream-table.ts';

/** The version of the items' shape that this code writes. */
export const knownSchema = 1;

export const metaKey = 'META';

export function openKey({ run }: RunId): string {
  return `OPEN#${run}`;
}

/** Every `OPEN`: `~` sorts after what a run's id is made of. */
export const openKeys = ['OPEN#', 'OPEN#~'] as const;

export function recordKey({ run, startedAt }: RunId): string {
  return `RUN#${isoTime(startedAt)}#${run}`;
}

/** The records of runs that started in [from, to): `!` sorts before the `#` that follows the time. */
export function recordKeys(from: number, to: number): readonly [string, string] {
  return [`RUN#${isoTime(from)}`, `RUN#${isoTime(to)}!`];
}

function isoTime(time: number): string {
  return new Date(time).toISOString();
}

/**
 * `META`, of which the stream lifecycle may have written a part before any run.
 *
 * @param stream what the settings say, where nobody has written it yet
 * @throws {RelayError} `TableFromNewerVersion`
 */
export function toMeta(
  item: Attributes | undefined,
  stream: { readonly type: string; readonly streamId: string },
): Meta | undefined {
  if (item === undefined) return undefined;
  const schema = Number(item.schema ?? knownSchema);
  if (schema > knownSchema) throw newerVersion(item, schema);
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
    comparedUntil: item.comparedUntil as number | undefined,
    retiring: (item.retiring ?? []) as Meta['retiring'],
    asking: item.asking as Meta['asking'],
  };
}

function newerVersion({ stream }: Attributes, schema: number): RelayError {
  return new RelayError(
    'TableFromNewerVersion',
    `The table's item of stream ${stream} has schema ${schema}, and this version knows ${knownSchema}. ` +
      'Nothing was collected; deploy the newer version again.',
    { facts: { schema } },
  );
}

export function toOpen(item: Attributes): OpenRun {
  const { stream: _, item: __, ...open } = item;
  return open as unknown as OpenRun;
}

export function toRecord(item: Attributes): RunRecord {
  const { stream: _, item: __, expiresAt: ___, ...record } = item;
  // A record of an earlier version does not say.
  return { possibleLoss: 0, ...record } as unknown as RunRecord;
}

/** Only what a `RunEnd` holds, so that `META` stays small: a caller may pass a whole record. */
export function endOf(end: RunEnd): RunEnd {
  const { run, startedAt, endedAt, outcome, code, lastNumber, caution, newestEventAt } = end;
  return { run, startedAt, endedAt, outcome, code, lastNumber, caution, newestEventAt };
}
