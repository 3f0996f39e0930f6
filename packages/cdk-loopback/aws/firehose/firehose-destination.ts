import type { Credentials } from '../identities.ts';
import type { FirehoseFaults } from './faults.ts';
import type { PacingClock, Pause } from './paced.ts';
import type { SeededBytes } from './seeded-bytes.ts';

/** The destination of one delivery stream, made from its CloudFormation property. */
export interface FirehoseDestination {
  /** A buffer is delivered when it reaches either. */
  readonly buffering: { readonly sizeBytes: number; readonly intervalMs: number };
  /** As `DescribeDeliveryStream` shows it. */
  readonly description: Readonly<Record<string, unknown>>;
  /** Settles every record of the buffer, however long that takes; throws only when this program is wrong. */
  deliver(buffer: RecordBuffer, pause: Pause): Promise<void>;
  close(): void;
}

/** Records that are delivered together, in the order they arrived. At least one. */
export interface RecordBuffer {
  readonly records: readonly StoredRecord[];
  /** When the oldest arrived. */
  readonly since: number;
  /** How each record ended. To be called exactly once for each, or for none when this program is wrong. */
  settle(outcome: RecordOutcome, records: readonly StoredRecord[]): void;
}

export interface StoredRecord {
  /** The id that `PutRecordBatch` answered. */
  readonly id: string;
  readonly data: Buffer;
  readonly arrivedAt: number;
}

/** `backed-up`: only the backup bucket has the record. `lost`: neither the bucket nor the destination has it. */
export type RecordOutcome = 'delivered' | 'backed-up' | 'lost';

/** The means that a destination works with. */
export interface DestinationContext {
  /** The delivery stream's. */
  readonly name: string;
  readonly arn: string;
  /** Counts up from 1 with each change of the destination. */
  readonly version: number;
  readonly region: string;
  readonly clock: PacingClock;
  readonly random: SeededBytes;
  /** The address of AWS's own services. */
  readonly gatewayUrl: string;
  readonly credentialsOf: (roleArn: string) => Credentials;
  readonly metric: (name: string, value: number) => void;
  /** Writes to the log that Firehose keeps for the delivery stream. */
  readonly report: (code: string, message: string) => void;
  /** The local address of an origin, or of an OpenSearch domain's ARN, that the template names; throws when it has none. */
  readonly hostOf: (origin: string) => string;
  readonly faults: FirehoseFaults;
  /** Real time after which a receiver that has not answered is taken to hang. */
  readonly answerGraceMs: number;
}

/** @throws when a property is unknown, missing or out of range */
export type CreateDestination = (properties: unknown, context: DestinationContext) => FirehoseDestination;
