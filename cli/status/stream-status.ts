import type { Lease, RetiringStream } from '../../functions/stored/meta-item.ts';
import type { RunEnd } from '../../functions/stored/run-item.ts';
import type { UnknownNames } from '../../functions/stored/unknown-names.ts';
import type { Amount } from '../../functions/stored/waiting-events.ts';
import type { StreamSchedule } from '../schedules/stream-schedule.ts';
import type { DeliveryFacts } from '../waiting/delivery-facts.ts';
import type { Reckoning, StreamReckoning } from '../waiting/reckon.ts';
import type { RedAlarm } from '../waiting/red-alarms.ts';
import type { Verdict } from '../waiting/verdict.ts';

/** One destination at one moment. */
export interface DestinationStatus
  extends Reckoning,
    Pick<DeliveryFacts, 'deliverySuccess' | 'copiesRefused' | 'queued' | 'deadLetters'> {
  readonly name: string;
  readonly kind: string;
  readonly verdict: Verdict;
  /** Those of the destination that are red. */
  readonly alarms: readonly RedAlarm[];
  /** The command to type next; absent where nothing has to be done. */
  readonly next?: string;
}

/** One stream at one moment. Times are milliseconds since the epoch. */
export interface StreamStatus {
  /** The name under which it began. */
  readonly name: string;
  /** Its name in the settings. */
  readonly label: string;
  readonly id: string;
  readonly type: string;
  /** The worst of its collecting and its destinations. */
  readonly verdict: Verdict;
  /** The verdict on its collecting, the reasons, and the command to type next. */
  readonly collecting: {
    readonly verdict: Verdict;
    readonly reasons: readonly string[];
    readonly next?: string;
  };
  readonly schedule: StreamSchedule;
  /** Absent when it has never run. */
  readonly lastRun?: RunEnd;
  /** The newest collected event's own timestamp; absent when no run has read one. */
  readonly lastEventAt?: number;
  /** Age of the newest collected event while the last run left a backlog; 0 when it was drained; absent when unknown. */
  readonly lagMs?: number;
  /** The run that holds the lease, also one that was killed and whose lease has not expired. */
  readonly lease?: Lease;
  readonly openRuns: number;
  /** Age of the oldest run that some destination has not got whole; 0 when there is none. */
  readonly oldestUndeliveredMs: number;
  /** Entries in quarantine, and those of them that no destination of the settings is owed. */
  readonly quarantined: StreamReckoning['quarantined'];
  /** Those of the stream itself that are red; absent where CloudWatch does not let these credentials read. */
  readonly alarms?: readonly RedAlarm[];
  readonly destinations: readonly DestinationStatus[];
  /** Names of removed destinations, with the events of open runs that each lacks. */
  readonly owedToRemoved: Readonly<Record<string, Amount>>;
  /** What the runs of the last day met that no document names; absent where they met nothing. */
  readonly unknown?: UnknownNames;
  /** Streams whose id was replaced in the settings, which are still read. */
  readonly retiring: readonly Pick<RetiringStream, 'streamId' | 'emptySince'>[];
}
