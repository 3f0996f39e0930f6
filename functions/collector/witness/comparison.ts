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
  /** What has to happen before the next hour can be compared. */
  readonly waitingFor: string;
}

/** Distinct events of one hour; `missing` includes what was `recovered`. */
export interface ComparedHour {
  readonly from: number;
  readonly compared: number;
  readonly missing: number;
  readonly recovered: number;
  /** So much is missing that these are no two copies of one stream: nothing was recovered. */
  readonly incomparable: boolean;
  /** Time ran out before all of 24 hours was searched: some of what is missing may have been read long before. */
  readonly narrowed: boolean;
}
