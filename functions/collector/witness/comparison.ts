import type { CollectorSettings } from '../contract.ts';
import type { Clock } from '../protocol/ports/clock.ts';
import type { Journal } from '../protocol/ports/journal.ts';
import type { State } from '../protocol/ports/state.ts';

export interface ComparePorts {
  readonly witness: ComparedStream;
  readonly primary: ComparedStream;
  readonly clock: Clock;
}

export interface ComparedStream {
  readonly state: State;
  readonly journal: Journal;
}

export interface CompareSettings extends Pick<CollectorSettings, 'type' | 'timeout' | 'decompressedCapMiB'> {
  /** `detect` counts what is missing; `recover` adds it to the primary's journal, from where the sweep delivers it. */
  readonly mode: 'detect' | 'recover';
  /** The primary's id in Mosaic, its batch size, and the names of its destinations. */
  readonly primary: {
    readonly streamId: string;
    readonly batchSize: number;
    readonly destinations: readonly string[];
  };
}

export interface CompareReport {
  /** The hours that were compared in this invocation, oldest first. */
  readonly hours: readonly ComparedHour[];
  /** The event for which the next comparison waits. */
  readonly waitingFor: string;
}

/** Distinct events of one hour; `missing` includes what was `recovered`. */
export interface ComparedHour {
  readonly from: number;
  readonly compared: number;
  readonly missing: number;
  readonly recovered: number;
  /** True where so much is missing that the two streams are no copies of each other: nothing was recovered. */
  readonly incomparable: boolean;
  /**
   * True where time ran out before all of the 24 hours was searched: the primary may have read some missing events
   * long before.
   */
  readonly narrowed: boolean;
}
