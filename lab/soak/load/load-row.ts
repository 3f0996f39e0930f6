/** One row of the load table: the raised events, the quota of a delivery stream, and the time. */
export interface LoadRow {
  /** Events a second; until `burst` ends, where there is one. */
  readonly rate: number;
  /** The quota of each delivery stream. */
  readonly quotaMiBPerSecond: number;
  /** 1..8 */
  readonly destinations: number;
  readonly everyMinutes: number;
  /** Hours in which events are raised; a multiple of a quarter. */
  readonly hours: number;
  /** Hours in which the last destination's delivery stream refuses every call; 0 for never. */
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
  /** The most MiB of lines that were undelivered in each quarter of an hour, for each destination. */
  readonly undeliveredMiB: readonly (readonly number[])[];
  /** The highest age of an undelivered batch in each quarter of an hour, for each destination. */
  readonly oldestUndeliveredSeconds: readonly (readonly number[])[];
  readonly journalObjects: number;
  /** Virtual seconds in which the collector was at work, collects and sweeps together. */
  readonly busySeconds: number;
  /** Missing events of all destinations together. */
  readonly missing: number;
  readonly duplicates: number;
  /** The most memory that a process of the collector held. */
  readonly peakMb: number;
  /** True if every destination kept its row's claims. */
  readonly levelsOff: boolean;
}

export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;
/** From one sample to the next. */
export const sampleMs = 15 * minuteMs;
/** The beginning of an outage: by then every destination has shown its usual backlog. */
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

/** Counts the events that have been raised `ms` after the beginning. */
export function raisedAfter(row: LoadRow, ms: number): number {
  const seconds = Math.min(Math.max(0, ms), row.hours * hourMs) / 1_000;
  const fast = row.burst === undefined ? seconds : Math.min(seconds, row.burst.minutes * 60);
  return Math.floor(fast * row.rate + (seconds - fast) * (row.burst?.rateAfter ?? 0));
}
