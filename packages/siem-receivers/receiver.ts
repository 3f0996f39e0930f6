import type { Faults } from './faults.ts';

/** A simulated SIEM endpoint: its address, the events that it holds, and its faults. */
export interface Receiver {
  /** `http://127.0.0.1:<port>`. */
  readonly url: string;
  readonly faults: Faults;
  /** Refused requests with the reason, oldest first. A run without faults leaves this list empty. */
  readonly refusals: readonly Refusal[];
  /** Visits everything that it holds, as lines: one event each, as it arrived, without its line break. `isRedated`: kept under the time of its arrival in place of its own. */
  eachLine(visit: (line: Buffer, isRedated?: boolean) => void): Promise<void>;
  /** Visits each event once that it has refused or dropped for its time; absent where it does neither. */
  eachRefusedForTime?(visit: (line: Buffer) => void): void;
  close(): Promise<void>;
}

export interface Refusal {
  /** Milliseconds, on the run's clock. */
  readonly at: number;
  readonly status: number;
  readonly reason: string;
}

/** The run's clock, as far as a receiver needs it. */
export interface ReceiverClock {
  /** Milliseconds since the epoch. */
  now(): number;
}
