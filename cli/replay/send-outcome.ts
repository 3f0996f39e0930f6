export interface SendOutcome {
  readonly events: number;
  readonly failures: readonly string[];
  readonly interrupted: boolean;
}
