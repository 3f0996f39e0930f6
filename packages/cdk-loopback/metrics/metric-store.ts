/**
 * A stand-in for CloudWatch's metric storage, written here: minutes of figures, by whole sets of dimensions.
 *
 * Simplified: what is recorded can be read at once, where CloudWatch takes seconds to minutes, and nothing is
 * rolled up with age.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_concepts.html
 */
export interface MetricStore {
  /** @param time milliseconds since the epoch */
  add(
    metric: MetricIdentity,
    sample: { readonly time: number; readonly value: number; readonly unit: Unit },
  ): void;
  /** Replaces a minute: for a service that adds up its own figures. */
  put(metric: MetricIdentity, unit: Unit, figures: MinuteFigures): void;
  /**
   * The figures of `[from, to)` together; undefined when there are none. `to` and `from` are whole minutes.
   * @param unit counts only what was recorded with it; absent, everything
   */
  read(metric: MetricIdentity, range: TimeRange, unit?: Unit): MinuteFigures | undefined;
  /** Everything that was ever recorded. */
  known(): readonly KnownMetric[];
}

export interface MetricIdentity {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

export interface KnownMetric extends MetricIdentity {
  readonly units: readonly Unit[];
}

export interface TimeRange {
  readonly from: number;
  readonly to: number;
}

/** The figures that are kept of a metric's values in one minute, or in several. */
export interface MinuteFigures {
  /** The first minute's start, milliseconds since the epoch. */
  readonly time: number;
  readonly count: number;
  readonly sum: number;
  readonly minimum: number;
  readonly maximum: number;
  /** For percentiles; absent where a service tells sums only. */
  readonly values?: readonly number[];
}

/** CloudWatch has more; a sample in any other is refused. */
export const units = [
  'None',
  'Count',
  'Count/Second',
  'Bytes',
  'Bytes/Second',
  'Milliseconds',
  'Seconds',
  'Percent',
] as const;
export type Unit = (typeof units)[number];

export const minuteMs = 60_000;

/** Eight days: what CloudWatch lets an alarm look back, and a day more. */
const keptMinutes = 8 * 24 * 60;

export function createMetricStore(): MetricStore {
  const held = new Map<string, Held>();

  const minutesOf = (metric: MetricIdentity, unit: Unit): Map<number, MinuteFigures> => {
    const key = keyOf(metric);
    const entry = held.get(key) ?? { metric, byUnit: new Map() };
    held.set(key, entry);
    const minutes = entry.byUnit.get(unit) ?? new Map<number, MinuteFigures>();
    entry.byUnit.set(unit, minutes);
    return minutes;
  };
  const keep = (minutes: Map<number, MinuteFigures>, figures: MinuteFigures) => {
    minutes.set(figures.time, figures);
    if (minutes.size > keptMinutes) minutes.delete(minutes.keys().next().value!);
  };

  return {
    add: (metric, { time, value, unit }) => {
      const minute = startOfMinute(time);
      const minutes = minutesOf(metric, unit);
      const one = { time: minute, count: 1, sum: value, minimum: value, maximum: value, values: [value] };
      const before = minutes.get(minute);
      keep(minutes, before === undefined ? one : together([before, one]));
    },
    put: (metric, unit, figures) => {
      keep(minutesOf(metric, unit), { ...figures, time: startOfMinute(figures.time) });
    },
    read: (metric, { from, to }, unit) => {
      const { byUnit = new Map<Unit, Map<number, MinuteFigures>>() } = held.get(keyOf(metric)) ?? {};
      const found = [...byUnit].flatMap(([recorded, minutes]) =>
        unit === undefined || recorded === unit ? [...within(minutes, { from, to })] : [],
      );
      return found.length === 0 ? undefined : together(found);
    },
    known: () => [...held.values()].map(({ metric, byUnit }) => ({ ...metric, units: [...byUnit.keys()] })),
  };
}

interface Held {
  readonly metric: MetricIdentity;
  readonly byUnit: Map<Unit, Map<number, MinuteFigures>>;
}

function* within(
  minutes: ReadonlyMap<number, MinuteFigures>,
  { from, to }: TimeRange,
): Iterable<MinuteFigures> {
  // A month has more minutes than a run.
  if ((to - from) / minuteMs > minutes.size) {
    for (const figures of minutes.values()) if (figures.time >= from && figures.time < to) yield figures;
    return;
  }
  for (let minute = from; minute < to; minute += minuteMs) {
    const figures = minutes.get(minute);
    if (figures !== undefined) yield figures;
  }
}

export function startOfMinute(time: number): number {
  return Math.floor(time / minuteMs) * minuteMs;
}

/** One text for one metric: the order of its dimensions does not matter. */
export function keyOf(metric: MetricIdentity): string {
  const known = keys.get(metric);
  if (known !== undefined) return known;
  const { namespace, name, dimensions } = metric;
  const sorted = Object.entries(dimensions).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const key = JSON.stringify([namespace, name, ...sorted]);
  keys.set(metric, key);
  return key;
}

/** Widgets and alarms ask about the same metrics thousands of times. */
const keys = new WeakMap<MetricIdentity, string>();

function together(all: readonly MinuteFigures[]): MinuteFigures {
  const [first] = all;
  if (all.length === 1) return first!;
  const sum = (of: (figures: MinuteFigures) => number) =>
    all.reduce((total, figures) => total + of(figures), 0);
  return {
    time: Math.min(...all.map(({ time }) => time)),
    count: sum(({ count }) => count),
    sum: sum((figures) => figures.sum),
    minimum: Math.min(...all.map(({ minimum }) => minimum)),
    maximum: Math.max(...all.map(({ maximum }) => maximum)),
    ...(all.every(({ values }) => values !== undefined) && {
      values: all.flatMap(({ values = [] }) => values),
    }),
  };
}
