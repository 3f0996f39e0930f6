import type { FirehoseFaults } from './faults.ts';
import type { FirehoseDestination, RecordOutcome, StoredRecord } from './firehose-destination.ts';
import { type PacingClock, runPaced } from './paced.ts';

/** One simulated delivery stream: a buffer in front of a destination, with the outcome of every record. */
export interface SimulatedDeliveryStream {
  readonly name: string;
  readonly stats: DeliveryStreamStats;
  accept(record: StoredRecord): void;
  /** Delivers what is buffered now, as when its interval had passed. */
  flush(): void;
  /** Drops what is buffered: deleting a delivery stream deletes the data in it. */
  close(): void;
}

/** Counts since creation. Bytes are of records as they were put, before base64. */
export interface DeliveryStreamStats {
  readonly records: number;
  readonly rawBytes: number;
  /** Bytes that Direct PUT bills: each record is rounded up to 5 KB. */
  readonly billedBytes: number;
  /** Waiting, or being delivered. */
  readonly bufferedRecords: number;
  readonly bufferedBytes: number;
  readonly deliveredRecords: number;
  readonly deliveredBytes: number;
  /** Refused by the destination, kept in the backup bucket. */
  readonly backedUpRecords: number;
  readonly backedUpBytes: number;
  readonly lostRecords: number;
  readonly lostBytes: number;
}

export interface DeliveryStreamParts {
  readonly name: string;
  readonly destination: FirehoseDestination;
  readonly clock: PacingClock;
  readonly faults: FirehoseFaults;
}

/** Firehose's billing increment for Direct PUT. */
const billedUnit = 5_120;

export function createSimulatedDeliveryStream({
  name,
  destination,
  clock,
  faults,
}: DeliveryStreamParts): SimulatedDeliveryStream {
  const stats = { ...nothing };
  let waiting: StoredRecord[] = [];
  let waitingBytes = 0;
  let cancelInterval = (): void => {};

  const settle = (outcome: RecordOutcome, records: readonly StoredRecord[]): void => {
    const bytes = records.reduce((sum, record) => sum + record.data.length, 0);
    stats.bufferedRecords -= records.length;
    stats.bufferedBytes -= bytes;
    const [countOf, bytesOf] = counters[outcome];
    stats[countOf] += records.length;
    stats[bytesOf] += bytes;
  };

  const flush = (): void => {
    cancelInterval();
    const [oldest] = waiting;
    if (!oldest) return;
    const buffer = { records: waiting, since: oldest.arrivedAt, settle };
    waiting = [];
    waitingBytes = 0;
    void runPaced(clock, (pause) => destination.deliver(buffer, pause));
  };

  return {
    name,
    stats,
    flush,
    accept(record) {
      const limit = destination.buffering.sizeBytes * (faults.overshoot?.(name) ?? 1);
      if (waitingBytes + record.data.length > limit) flush();
      stats.records += 1;
      stats.rawBytes += record.data.length;
      stats.billedBytes += Math.ceil(record.data.length / billedUnit) * billedUnit;
      stats.bufferedRecords += 1;
      stats.bufferedBytes += record.data.length;
      if (waiting.length === 0) {
        cancelInterval = clock.at(clock.now() + destination.buffering.intervalMs, flush);
      }
      waiting.push(record);
      waitingBytes += record.data.length;
      if (waitingBytes >= limit) flush();
    },
    close() {
      cancelInterval();
      if (waiting.length > 0) settle('lost', waiting);
      waiting = [];
      destination.close();
    },
  };
}

const nothing = {
  records: 0,
  rawBytes: 0,
  billedBytes: 0,
  bufferedRecords: 0,
  bufferedBytes: 0,
  deliveredRecords: 0,
  deliveredBytes: 0,
  backedUpRecords: 0,
  backedUpBytes: 0,
  lostRecords: 0,
  lostBytes: 0,
};

const counters = {
  delivered: ['deliveredRecords', 'deliveredBytes'],
  'backed-up': ['backedUpRecords', 'backedUpBytes'],
  lost: ['lostRecords', 'lostBytes'],
} as const satisfies Record<RecordOutcome, readonly [keyof typeof nothing, keyof typeof nothing]>;
