/** A delivery stream's quota, of Direct PUT. */
export interface ThroughputQuota {
  readonly bytesPerSecond: number;
  readonly recordsPerSecond: number;
  readonly requestsPerSecond: number;
}

/** Measures use against a quota. Each `take` answers whether there was room, and takes it if so. */
export interface Throughput {
  readonly quota: ThroughputQuota;
  takeRequest(): boolean;
  takeRecord(bytes: number): boolean;
  /**
   * Takes a whole call or nothing. A call of one record above a second's quota is let in while the room is full, and
   * the rest is owed; a call of several such records has to be made smaller.
   */
  takeCall(sizes: readonly number[]): boolean;
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
    quota,
    takeRequest: () => requests.has() && requests.take(1),
    takeRecord: (size) => bytes.has() && records.has() && bytes.take(size) && records.take(1),
    takeCall(sizes) {
      const total = sizes.reduce((sum, size) => sum + size, 0);
      const fits = bytes.left() >= total || (sizes.length === 1 && bytes.left() >= quota.bytesPerSecond);
      return fits && records.left() >= sizes.length && bytes.take(total) && records.take(sizes.length);
    },
  };
}

function createRoom(perSecond: number, now: () => number) {
  let room = perSecond;
  let since = now();
  const left = (): number => {
    const time = now();
    room = Math.min(perSecond, room + ((time - since) / 1000) * perSecond);
    since = time;
    return room;
  };
  return {
    left,
    has: (): boolean => left() > 0,
    take(amount: number): true {
      room -= amount;
      return true;
    },
  };
}
