/** The metrics that Firehose would send to CloudWatch: one figure a minute for each metric and delivery stream. */
export interface MetricLog {
  record(stream: string, metric: string, value: number): void;
  /** Oldest first. */
  data(): readonly MetricDatum[];
}

export interface MetricDatum {
  readonly stream: string;
  /** `IncomingRecords`, `DeliveryToS3.Success`, … */
  readonly metric: string;
  /** The minute's start, milliseconds since the epoch. */
  readonly time: number;
  readonly sum: number;
  readonly count: number;
  readonly minimum: number;
  readonly maximum: number;
}

/** Two days of minutes for ten metrics of four delivery streams, in round figures. */
const mostData = 120_000;

/** Keeps a bounded number of data; the oldest go first. */
export function createMetricLog(now: () => number): MetricLog {
  const data = new Map<string, MetricDatum>();
  return {
    record(stream, metric, value) {
      const time = Math.floor(now() / 60_000) * 60_000;
      const key = `${stream} ${metric} ${time}`;
      const known = data.get(key) ?? {
        stream,
        metric,
        time,
        sum: 0,
        count: 0,
        minimum: value,
        maximum: value,
      };
      data.set(key, {
        ...known,
        sum: known.sum + value,
        count: known.count + 1,
        minimum: Math.min(known.minimum, value),
        maximum: Math.max(known.maximum, value),
      });
      if (data.size > mostData) data.delete(data.keys().next().value!);
    },
    data: () => [...data.values()],
  };
}
