export interface SendOutcome {
  readonly events: number;
  /** Events that were left out, because they are too old or too new for the destination's receiver. */
  readonly late: number;
  readonly failures: readonly string[];
  readonly interrupted: boolean;
}
