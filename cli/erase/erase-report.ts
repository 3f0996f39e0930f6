import { gigabyte, prices } from '../../infra/config/prices.ts';
import type { DeployedRelay } from '../access/deployed-relay.ts';
import type { TimeRange } from '../replay/waiting.ts';

/** The report of an erase: names and counts, and nothing of an event. */
export interface EraseReport {
  readonly place: string;
  /** ISO 8601. */
  readonly at: string;
  readonly members: readonly string[];
  readonly from?: string;
  readonly to?: string;
  /** Objects to read. */
  objects: number;
  bytes: number;
  readonly found: ErasedThing[];
  /** Keys and views without which lines could not be searched, a line for each. */
  readonly unsearched: string[];
  /** Objects, or parts of them, that could not be searched. */
  readonly unread: { readonly address: string; readonly reason: string }[];
  /** Objects whose old bytes are still there as an older version. */
  readonly versioned: string[];
  /** Things that were not looked for, and places beyond this command. */
  readonly notes: string[];
  /** `<stream>/<destination>`: folders of data on their way to a receiver. */
  readonly copied: readonly string[];
  readonly interrupted?: boolean;
}

/** An object that holds the value. */
export interface ErasedThing {
  readonly address: string;
  readonly kind: 'journal' | 'quarantine' | 'backup' | 'replayed' | 'delivered';
  /** Events or lines that hold the value. */
  readonly matched: number;
  /** The object's other events or lines. They go with it, unless `keepsRest`. */
  readonly others: number;
  readonly isCounted: boolean;
  readonly keepsRest: boolean;
  state: 'found' | 'owed' | 'deleted' | 'rewritten' | 'failed';
  /** Why it is owed, or could not be erased. */
  reason?: string;
}

export function emptyReport(
  relay: DeployedRelay,
  { members, range }: { readonly members: readonly string[]; readonly range: TimeRange | undefined },
): EraseReport {
  const iso = (time: number): string => new Date(time).toISOString();
  const copied = relay.streams.flatMap(({ name, destinations }) =>
    destinations.flatMap((each) => (each.copier === undefined ? [] : [`${name}/${each.name}`])),
  );
  return {
    ...{ place: relay.place, at: iso(relay.now()), members },
    ...(range === undefined ? {} : { from: iso(range.from), to: iso(range.to) }),
    ...{ objects: 0, bytes: 0, found: [], unsearched: [], unread: [], versioned: [], notes: [], copied },
  };
}

/** Dollars for reading all objects: requests, and the transfer if the caller is not in AWS. */
export function readingCost({ objects, bytes }: Pick<EraseReport, 'objects' | 'bytes'>): {
  readonly requests: number;
  readonly transfer: number;
} {
  const lists = Math.ceil(objects / 1_000);
  return {
    requests: objects * prices.s3PerGet + lists * prices.s3PerList,
    transfer: (bytes / gigabyte) * prices.egressPerGb,
  };
}

/** True where nothing that holds the value is left, as far as this command can see. */
export function isErased(report: EraseReport): boolean {
  const left = report.found.some(({ state }) => state === 'owed' || state === 'failed');
  return !left && isSearched(report) && report.interrupted !== true;
}

/** True where all that was to be searched could be. */
export function isSearched({ unread, unsearched }: EraseReport): boolean {
  return unread.length === 0 && unsearched.length === 0;
}
