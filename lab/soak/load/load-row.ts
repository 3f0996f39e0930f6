/** One row of the load table: what is raised, what a delivery stream takes, and for how long. */
export interface LoadRow {
  /** Events a second; until `burst` ends, where there is one. */
  readonly rate: number;
  /** Of each delivery stream. */
  readonly quotaMiBPerSecond: number;
  /** 1..8 */
  readonly destinations: number;
  readonly everyMinutes: number;
  /** Events are raised for so long; a multiple of a quarter. */
  readonly hours: number;
  /** For so many hours the last destination's delivery stream refuses every call; 0 for never. */
  readonly outageHours: number;
  /** After these minutes, events are raised at this rate instead. */
  readonly burst?: { readonly minutes: number; readonly rateAfter: number };
}

/** A row as it was run, in the shape that `--json` prints. */
export interface LoadFigures {
  readonly rate: number;
  readonly quotaMiBPerSecond: number;
  readonly destinations: number;
  readonly everyMinutes: number;
  readonly hours: number;
  /** Of each destination, for each quarter of an hour: the most MiB of lines that were undelivered in it. */
  readonly undeliveredMiB: readonly (readonly number[])[];
  /** Of each destination, for each quarter of an hour: the highest age of an undelivered batch in it. */
  readonly oldestUndeliveredSeconds: readonly (readonly number[])[];
  readonly journalObjects: number;
  /** Virtual seconds in which the collector was at work, collects and sweeps together. */
  readonly busySeconds: number;
  /** Of all destinations together. */
  readonly missing: number;
  readonly duplicates: number;
  /** The most memory that a process of the collector held. */
  readonly peakMb: number;
  /** Whether every destination kept what its row of the table asks. */
  readonly levelsOff: boolean;
}

export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;
/** From one sample to the next. */
export const sampleMs = 15 * minuteMs;
/** When an outage begins: by then every destination has shown what it holds while all is well. */
export const outageFromMs = 30 * minuteMs;

/** `0.25 MiB/s, 175 events/s, every 5 minutes, 2 destinations, 3 h` */
export function describeRow(row: LoadRow): string {
  const { burst } = row;
  return [
    `${row.quotaMiBPerSecond} MiB/s`,
    `${row.rate} events/s${burst === undefined ? '' : ` for ${burst.minutes} minutes, then ${burst.rateAfter}`}`,
    `every ${row.everyMinutes === 1 ? 'minute' : `${row.everyMinutes} minutes`}`,
    `${row.destinations} destination${row.destinations === 1 ? '' : 's'}`,
    ...(row.outageHours > 0 ? [`one of them refusing for ${row.outageHours} h`] : []),
    `${row.hours} h`,
  ].join(', ');
}

/** How many events have been raised `ms` after the beginning. */
export function raisedAfter(row: LoadRow, ms: number): number {
  const seconds = Math.min(Math.max(0, ms), row.hours * hourMs) / 1_000;
  const fast = row.burst === undefined ? seconds : Math.min(seconds, row.burst.minutes * 60);
  return Math.floor(fast * row.rate + (seconds - fast) * (row.burst?.rateAfter ?? 0));
}
