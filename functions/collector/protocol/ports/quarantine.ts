import type { QuarantineEntry } from '../../../stored/quarantine-entry.ts';
import type { Counted } from '../../../stored/waiting-events.ts';

/** What no destination, or one of them, can ever take, and what Firehose gave up: all of it waits for an operator. */
export interface Quarantine {
  /**
   * Keeps an entry. The same entry twice is one object.
   * @throws when S3 refused, or `signal` aborted the call: the object may then still appear
   */
  quarantine(entry: QuarantineEntry, signal?: AbortSignal): Promise<void>;
  /** Counts the stream's objects in quarantine, up to 5,000. @throws when S3 refused */
  quarantined(): Promise<ObjectCount>;
  /**
   * Counts, for each destination, the objects that Firehose wrote of what the destination did not take: up to 600 of one
   * destination, and up to 5,000 of all. Destinations without any are left out.
   * @throws when S3 refused
   */
  refusedByDestinations(): Promise<ReadonlyMap<string, ObjectCount>>;
  /**
   * Reckons the events that Firehose gave up of a destination: some of its objects are read, and the others hold as many
   * events a byte. An object that cannot be read holds one event at least.
   * @throws when S3 refused to list
   */
  eventsGivenUp(destination: string): Promise<Counted>;
}

/** Objects below a prefix, counted up to a bound. */
export interface ObjectCount {
  readonly objects: number;
  /** True where the count stopped at its bound: there may be more. */
  readonly atLeast: boolean;
}
