/** A run's id and when it started, in ms since the epoch. Together they name the run's items and objects. */
export interface RunId {
  readonly run: string;
  readonly startedAt: number;
}
