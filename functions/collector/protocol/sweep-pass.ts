import type { RelayError } from '../../relay-error.ts';
import type { Meta } from '../../stored/meta-item.ts';
import type { OpenRun } from '../../stored/open-item.ts';
import type { CollectorSettings } from '../contract.ts';
import type { Counters } from './counters.ts';
import type { LargeAnswers } from './large-answers.ts';
import type { Answers } from './ports/answers.ts';
import type { Clock } from './ports/clock.ts';
import type { DeliveryFlow, DestinationPort } from './ports/destination.ts';
import type { Journal } from './ports/journal.ts';
import type { TellLoss } from './ports/loss.ts';
import type { Quarantine } from './ports/quarantine.ts';
import type { State } from './ports/state.ts';

/** One pass of a sweep: the state that its loops share. No member makes one destination wait for another. */
export interface Pass {
  readonly ports: SweepPorts;
  readonly settings: SweepSettings;
  readonly meta: Meta | undefined;
  readonly counters: Counters;
  /** Sealed runs, those whose batches have waited longest first. */
  readonly runs: readonly SealedRun[];
  readonly refusing: Map<string, string>;
  readonly destinations: ReadonlyMap<string, SweptDestination>;
  readonly large: LargeAnswers;
  readonly signal: AbortSignal;
  /** True while a batch may be begun. */
  readonly hasTime: () => boolean;
  failure: RelayError | undefined;
}

export interface SweepPorts {
  readonly state: State;
  readonly journal: Journal;
  readonly quarantine: Quarantine;
  readonly answers: Answers;
  readonly clock: Clock;
  readonly tellLoss: TellLoss;
  /** Makes a random id. Lambda's request id would not do, since Lambda repeats it on a retry. */
  readonly newAuditId: () => string;
}

export interface SweepSettings extends Pick<CollectorSettings, 'type' | 'decompressedCapMiB'> {
  readonly destinations: readonly DestinationPort[];
}

export interface SweptDestination {
  readonly destination: DestinationPort;
  readonly flow: DeliveryFlow;
}

/** An open run of which nothing more is on its way, as one pass of a sweep knows it. */
export interface SealedRun {
  readonly open: OpenRun;
  /** How far each destination has got, as of now. */
  readonly done: Map<string, number>;
  /** What the journal holds of it, listed once in a pass. */
  contents: Promise<RunContents> | undefined;
  /** Numbers of batches that this pass has told as lost. */
  readonly lost: Set<number>;
  /** By the destination's name: events of its batches 1..done that were late for its receiver; none where it is 0. */
  readonly late: Map<string, number>;
  /** Its `OPEN` is gone, or is being deleted by this pass. */
  closed: boolean;
}

export interface RunContents {
  /** Batches in the journal. */
  readonly present: ReadonlySet<number>;
  /** Batches that an operator erased, which are not lost. */
  readonly erased: ReadonlySet<number>;
  /** The number of the run's last batch, as far as journal, table and record tell. */
  readonly last: number;
}
