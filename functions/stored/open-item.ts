import type { RunId } from './run-id.ts';
import { type ItemFilter, partitionKey, type StreamItem, sortKey } from './stream-item.ts';

/** A run that has not everything delivered: an `OPEN` item, which no time to live removes. */
export interface OpenRun extends RunId {
  /** When neither the run nor a write of its can still be alive, in ms since the epoch. */
  readonly sealAfter: number;
  /** How far each destination has got: batches 1..n are delivered, quarantined or told as lost. */
  readonly done: Readonly<Record<string, number>>;
  /** The attempts at one batch of a destination that have not ended; they count only while it is not done. */
  readonly tries: Readonly<Record<string, { readonly number: number; readonly count: number }>>;
  /** The number of its last batch as far as anybody has written it down; absent before the first record. */
  readonly lastNumber?: number;
  /** True once `lastNumber` is final: the run has sealed itself, or a sweep has listed what was killed. */
  readonly counted?: boolean;
  /** Batches that were told as lost, since they had left the journal before a destination had them. */
  readonly lost?: number;
  /** By the destination's name: events of its batches 1..done that were late for its receiver. Absent where none were. */
  readonly late?: Readonly<Record<string, number>>;
  /** Since when its batches wait, where that is not since its start: a witness adds them hours later. */
  readonly owedSince?: number;
}

/** What the sort keys of all open runs begin with. */
export const openPrefix = 'OPEN#';

export function openKey({ run }: Pick<RunId, 'run'>): string {
  return openPrefix + run;
}

/** The run that a sort key names; undefined where the item is no open run. */
export function readOpenKey(item: string): string | undefined {
  return item.startsWith(openPrefix) ? item.slice(openPrefix.length) : undefined;
}

/** The sort keys of all open runs, as a range: `~` sorts after what a run's id is made of. */
export const openKeys = [openPrefix, `${openPrefix}~`] as const;

export function writeOpenRun({ late = {}, ...open }: OpenRun): StreamItem {
  const counts = Object.entries(late).map(([destination, events]) => [lateAttribute(destination), events]);
  return { ...open, ...Object.fromEntries(counts) };
}

export function readOpenRun(item: StreamItem): OpenRun {
  const open: Record<string, unknown> = {};
  const late: Record<string, number> = {};
  for (const [name, value] of Object.entries(item)) {
    if (name === partitionKey || name === sortKey) continue;
    if (name.startsWith(latePrefix)) late[name.slice(latePrefix.length)] = Number(value);
    else open[name] = value;
  }
  return { ...open, ...(Object.keys(late).length === 0 ? {} : { late }) } as unknown as OpenRun;
}

/** An attribute for each destination, because DynamoDB sets no member of a map that is not there yet. */
export function lateAttribute(destination: string): string {
  return latePrefix + destination;
}

const latePrefix = 'late:';

/** Finds the open runs of every stream. */
export const unfinishedRuns: ItemFilter = {
  filter: 'begins_with(#item, :open)',
  names: { '#item': sortKey },
  values: { ':open': openPrefix },
};

/** An open run of any stream of the table. */
export interface UnfinishedRun {
  /** The stream's stable name. */
  readonly stream: string;
  readonly run: string;
  /** When neither the run nor a write of its can still be alive; milliseconds since the epoch. */
  readonly sealAfter: number;
  /** Since when its oldest batch may wait; milliseconds since the epoch. */
  readonly since: number;
  /** The destinations that may not have everything of it. */
  readonly lacking: readonly string[];
}

export function readUnfinishedRun(item: StreamItem): UnfinishedRun {
  const { run, sealAfter, startedAt, owedSince, done, lastNumber, counted } = readOpenRun(item);
  const mayLack = (number: number) => counted !== true || lastNumber === undefined || number < lastNumber;
  return {
    stream: String(item[partitionKey] ?? ''),
    run,
    sealAfter,
    since: owedSince ?? startedAt,
    lacking: Object.entries(done).flatMap(([name, number]) => (mayLack(number) ? [name] : [])),
  };
}
