/**
 * The runs that a witness adds to its primary's journal: `recovered-<hour>-<digest>`, and `-2` and so on behind that
 * where an earlier try was left unfinished. The run of a collector never begins so.
 */
export const recoveryRuns = 'recovered-';

/** What the ids of an hour's recovery runs begin with: `recovered-2026030112-`. */
export function recoveryRunsOf(hour: number): string {
  return `${recoveryRuns}${new Date(hour).toISOString().slice(0, 13).replace(/\D/g, '')}-`;
}

/**
 * The id of a recovery run.
 *
 * @param digest says which events are missing, so that the same recovery has the same id
 * @param again 1 for the first try
 */
export function recoveryRun(hour: number, digest: string, again = 1): string {
  return `${recoveryRunsOf(hour)}${digest}${again === 1 ? '' : `-${again}`}`;
}

/** The hour from which a recovery run's batches were collected; undefined for the run of a collector. */
export function recoveredHour(run: string): number | undefined {
  const [, year, month, day, hour] = /^recovered-(\d{4})(\d\d)(\d\d)(\d\d)-/.exec(run) ?? [];
  return year === undefined
    ? undefined
    : Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour));
}
