import type { EventType, WitnessOf } from '../../functions/collector/contract.ts';
import type { Destination } from '../destinations/destination-kind.ts';
import type { StageAlarms, StreamAlarms } from './alarm-settings.ts';
import type { Witness } from './witness.ts';

/** A stage as the stack reads it: every default filled in, every cross-check passed. */
export interface Stage {
  readonly name: string;
  /** Scheme and host. */
  readonly mosaicUrl: string;
  readonly apiVersion: string;
  readonly resource?: string;
  /** Name or complete ARN. */
  readonly secret: string;
  readonly secretKey?: string;
  readonly account?: string;
  readonly region?: string;
  readonly tags: Readonly<Record<string, string>>;
  /** By name, whatever the order in the file, so that reordering changes nothing. */
  readonly streams: readonly Stream[];
  /** ARNs; empty for no role. */
  readonly journalReaders: readonly string[];
  readonly journalDays: number;
  readonly quarantineDays: number;
  readonly logDays: number;
  readonly encryption: 'customer-managed' | 'aws-owned';
  readonly keepData: boolean;
  readonly terminationProtection: boolean;
  /** Absent for what is usual, or what a collector's memory allows. */
  readonly wireCapMiB?: number;
  readonly decompressedCapMiB?: number;
  readonly alarms: StageAlarms;
}

export interface Stream {
  readonly name: string;
  /** Mosaic's id; of a pull URL without one, the name. */
  readonly id: string;
  readonly pullUrl?: string;
  readonly type: EventType;
  readonly schedule: Schedule;
  readonly batchSize: number;
  readonly destinations: readonly Destination[];
  readonly timeoutSeconds: number;
  readonly collectTimeoutSeconds: number;
  readonly emptyAnswersToStop: number;
  /** 0 for never. */
  readonly pollWithinSeconds: number;
  readonly autoReopen: boolean;
  readonly retentionDays?: number;
  readonly enrichment: boolean;
  readonly onRemoval: 'keep' | 'delete';
  /** Its stream is taken over if Mosaic has it and this stage does not know it. */
  readonly adopt: boolean;
  readonly reservedConcurrency?: number;
  readonly memoryMb: number;
  /** Absent for none. */
  readonly witness?: Witness;
  /** Of a stream that is itself a witness: what it is told of its primary. */
  readonly witnessOf?: WitnessOf;
  readonly alarms: StreamAlarms;
}

export interface Schedule {
  /** As the settings have it, in Scheduler's words: `rate(5 minutes)`, `cron(0 6 ? * MON-FRI *)`. See `ticks.ts`. */
  readonly expression: string;
  readonly timeZone: string;
  /** Absent for a cron line. */
  readonly periodSeconds?: number;
  /** The longest time between two ticks. */
  readonly longestGapSeconds: number;
}
