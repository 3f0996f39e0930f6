import type { DeployedDestination } from '../access/deployed-relay.ts';
import type { TimeRange } from '../replay/waiting.ts';
import type { JournalWindow } from './journal-window.ts';
import type { KeptViews } from './kept-views.ts';
import type { RunsOnRecord } from './owed.ts';
import type { ReadableDestination } from './readable-destination.ts';
import type { createSeenWindows } from './seen-window.ts';

export interface WindowComparison {
  readonly journal: JournalWindow;
  readonly holding: ReadableDestination;
  readonly destination: DeployedDestination;
  readonly window: TimeRange;
  /** Makes the window's lines again by a view. */
  readonly seenBy: ReturnType<typeof createSeenWindows>;
  readonly evidence: DestinationEvidence;
}

export interface ComparisonContext {
  readonly type: string;
  readonly now: number;
  readonly views: KeptViews;
  readonly runs: RunsOnRecord;
  /** `<run>/<number>` of whole batches in quarantine, `<run>/<number>/<index>` of single events. */
  readonly quarantine: ReadonlySet<string>;
}

export interface DestinationEvidence {
  name: string;
  kind: string;
  place: string;
  /** Distinct events of the journal that the destination holds, with the journal's bytes. */
  held: number;
  /** Further copies of the held events. */
  duplicates: number;
  /** Lines with an id of the journal's and other bytes. */
  altered: number;
  /** Distinct events that say of themselves that they were collected in the window, and are not in the journal. */
  notJournaled: number;
  /** Distinct events that the destination's view leaves out, or cannot be made of. They are not missing. */
  leftOut: number;
  /** Those of the held events that were made by a view that is not kept, and so were compared by their ids alone. */
  comparedById: number;
  /** Distinct lines that cannot be compared, since a key of their view cannot be used. */
  notCompared: number;
  /** Distinct lines that cannot be compared, since they were made with a key that its secret no longer holds. */
  otherKey: number;
  /** Distinct missing events of runs that did not have the destination yet: no run owes them to it. */
  notOwed: number;
  /** Distinct events that the destination lacks: the sum of the next six. */
  missing: number;
  /** Missing events that the sweep has still to deliver. */
  waiting: number;
  quarantined: number;
  /** Missing events that were collected less than half an hour ago: Firehose may still hold them. */
  underWay: number;
  /**
   * Missing events whose run has left no record, for example after the table was put back: whether Firehose has
   * them is unknown.
   */
  unknown: number;
  /** Missing events that Firehose accepted and the destination does not hold. */
  gone: number;
  /** More events are lacking than lines could not be compared. The key alone would tell which. */
  unnamed: number;
  /** The first of the missing events. */
  missingEvents: MissingEvent[];
}

interface MissingEvent {
  readonly eventId: string;
  readonly why: Why;
  /** The key of the journal's object. */
  readonly key: string;
}

export type Why = 'waiting' | 'quarantined' | 'underWay' | 'unknown' | 'gone';

export function emptyEvidence({ name, kind, place }: ReadableDestination): DestinationEvidence {
  const none = { held: 0, duplicates: 0, altered: 0, notJournaled: 0 };
  const byView = { leftOut: 0, comparedById: 0, notCompared: 0, otherKey: 0 };
  const why = { waiting: 0, quarantined: 0, underWay: 0, unknown: 0, gone: 0, unnamed: 0 };
  return { name, kind, place, ...none, ...byView, notOwed: 0, missing: 0, ...why, missingEvents: [] };
}
