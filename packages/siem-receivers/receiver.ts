import type { Faults } from './faults.ts';

/** What every stand-in of a SIEM offers to a run: where it is, what it holds, and what it can do wrong. */
export interface Receiver {
  /** `http://127.0.0.1:<port>`. */
  readonly url: string;
  readonly faults: Faults;
  /** What was refused and why, oldest first. Nothing but a fault should ever appear here in a run without faults. */
  readonly refusals: readonly Refusal[];
  /** Visits everything that it holds, as lines: one event each, as it arrived, without its line break. */
  eachLine(visit: (line: Buffer) => void): Promise<void>;
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
