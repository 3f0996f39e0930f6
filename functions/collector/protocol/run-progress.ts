import type { RunId } from '../../stored/run-id.ts';
import type { RunOutcome } from '../../stored/run-item.ts';
import type { AskingPolicy } from './asking.ts';
import type { Counters } from './counters.ts';
import type { LargeAnswers } from './large-answers.ts';
import type { DeliveryQueue } from './ports/destination.ts';

/** A run on its way: what collecting, journaling and closing share. */
export interface RunProgress {
  readonly id: RunId;
  /** How the run before ended; undefined where there was none. */
  readonly before: RunOutcome | undefined;
  readonly queues: readonly DeliveryQueue[];
  readonly large: LargeAnswers;
  readonly counters: Counters;
  /** From this time on, neither this run nor one of its writes can be alive; ms since the epoch. */
  readonly sealAfter: number;
  /** The last batch whose PUT was acknowledged. */
  lastNumber: number;
  /** A PUT was sent and not acknowledged: it may still land. */
  unacknowledged: boolean;
  /** Mosaic has answered with events that are not in the journal yet. */
  inHand: boolean;
  /** The run before may have lost a batch: the journal is probed before anything is collected. */
  readonly cautious: boolean;
  readonly asking: AskingPolicy;
  /** When every call and wait of the run is aborted, in ms since the epoch. */
  readonly overAt: number;
  readonly signal: AbortSignal;
  /** When `done` was last written. */
  recordedAt: number;
}
