/** A delivery stream's quota, of Direct PUT. */
export interface ThroughputQuota {
  readonly bytesPerSecond: number;
  readonly recordsPerSecond: number;
  readonly requestsPerSecond: number;
}

/** Measures use against a quota. Both answer whether there was room, and take it if so. */
export interface Throughput {
  takeRequest(): boolean;
  takeRecord(bytes: number): boolean;
}

/**
 * Room fills up continuously and holds one second's worth. A record is let in while any room is left, also one
 * that is larger than it: the rest is owed, so that a quota below a record's size delays and never blocks.
 */
export function createThroughput(quota: ThroughputQuota, now: () => number): Throughput {
  const bytes = createRoom(quota.bytesPerSecond, now);
  const records = createRoom(quota.recordsPerSecond, now);
  const requests = createRoom(quota.requestsPerSecond, now);
  return {
    takeRequest: () => requests.has() && requests.take(1),
    takeRecord: (size) => bytes.has() && records.has() && bytes.take(size) && records.take(1),
  };
}

function createRoom(perSecond: number, now: () => number) {
  let left = perSecond;
  let since = now();
  return {
    has(): boolean {
      const time = now();
      left = Math.min(perSecond, left + ((time - since) / 1000) * perSecond);
      since = time;
      return left > 0;
    },
    take(amount: number): true {
      left -= amount;
      return true;
    },
  };
}
