export interface SendOutcome {
  /** Sent events. */
  readonly events: number;
  /** Events that were left out, because they are too old or too new for the destination's receiver. */
  readonly late: number;
  /** Sent events that are too old or too new for it. */
  readonly lateSent: number;
  readonly failures: readonly string[];
  readonly interrupted: boolean;
}
