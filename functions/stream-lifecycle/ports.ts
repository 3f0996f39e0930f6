import type { FolderUse } from '../stored/delivered-key.ts';
import type { KeptDelivery, KeptDeliveryId } from '../stored/kept-delivery.ts';
import type { UnfinishedRun } from '../stored/open-item.ts';
import type { KnownStream } from '../stored/stream-register.ts';

/** The ports of the stream lifecycle. */
export interface LifecyclePorts {
  readonly mosaic: MosaicStreams;
  readonly register: StreamRegister;
  readonly stack: StackResources;
  readonly unfinished: UnfinishedRuns;
  readonly waiting: WaitingObjects;
  readonly kept: Pick<KeptRegister, 'note' | 'takeBack'>;
  /** The stage's name, with which the names of its delivery streams begin. */
  readonly stage: string;
  readonly now: () => number;
}

/** CloudFormation's knowledge of the stack that is being deployed. */
export interface StackResources {
  /**
   * The physical id of a resource as it was before the deploy in hand reached it.
   * @returns undefined where the stack does not have the resource, or has let go of it
   */
  physicalIdOf(resource: {
    readonly stackId: string;
    readonly logicalId: string;
  }): Promise<string | undefined>;
  /** True while CloudFormation puts the stack back to what it was before a deploy that failed. */
  isRollingBack(stackId: string): Promise<boolean>;
}

/** Mosaic's streams, opened for one request. Every call may be repeated. */
export interface MosaicStreams {
  /** The host of the settings of today, also where a request is about those of before. */
  readonly host: string;
  /** Starts collection of the type and creates the stream. */
  open(stream: WantedStream): Promise<OpenOutcome>;
  /** Deletes the stream and what it still holds. */
  remove(stream: { readonly type: string; readonly id: string }): Promise<RemoveOutcome>;
}

export interface WantedStream {
  readonly type: string;
  readonly id: string;
  /** 1..31; absent means that Mosaic's default holds. */
  readonly retentionDays?: number;
  readonly enrichment: boolean;
}

export type OpenOutcome =
  /** `withoutRetention`: this generation of Mosaic's API has no retention, so the stream has Mosaic's default. */
  | { readonly kind: 'created'; readonly withoutRetention: boolean }
  /**
   * 409: Mosaic has the stream, and its settings cannot be read back. `unclear`: an earlier call of this request
   * ended without a clear answer, and may have created the stream.
   */
  | { readonly kind: 'already-there'; readonly unclear: boolean }
  | MosaicRefusal;

export type RemoveOutcome = { readonly kind: 'deleted' | 'not-there' } | MosaicRefusal;

/** `message` says what happened and what an operator can do. */
export interface MosaicRefusal {
  readonly kind: 'refused';
  readonly message: string;
}

/** The relay's knowledge of its streams: the part of `META` that the lifecycle writes. */
export interface StreamRegister {
  read(name: string): Promise<KnownStream | undefined>;
  /** Lists every name whose present stream is this one, those that left the settings included. */
  readersOf(stream: {
    readonly type: string;
    readonly streamId: string;
  }): Promise<readonly { readonly name: string; readonly known: KnownStream }[]>;
  /**
   * Writes the new knowledge in place of the one that was read.
   * @returns false, and nothing is changed, where the item is no longer as it was read
   */
  write(name: string, known: KnownStream, before: KnownStream | undefined): Promise<boolean>;
  /**
   * Notes what the folder of a destination in the stage's bucket is for, once and for all.
   * @returns false, and nothing is changed, where it is for something else
   */
  noteFolder(name: string, destination: string, use: FolderUse): Promise<boolean>;
}

/** The runs of every stream of the table that are not finished. */
export interface UnfinishedRuns {
  list(): Promise<readonly UnfinishedRun[]>;
}

/** What lies in quarantine and in Firehose's backups, and waits for a replay. */
export interface WaitingObjects {
  /**
   * @param deliveries `<stream>/<destination>` of those whose backups can be replayed
   * @returns the object that was written first; undefined where nothing waits
   * @throws {RelayError} `TooManyObjects` where there are more than one request can look through
   */
  oldest(
    deliveries: readonly string[],
  ): Promise<{ readonly key: string; readonly writtenAt: number } | undefined>;
}

/** The delivery streams that are kept for a destination which has left the settings. */
export interface KeptRegister {
  /** Changes nothing where the delivery stream is noted already. */
  note(kept: KeptDelivery): Promise<void>;
  /** Forgets a delivery stream that the stack has after all. */
  takeBack(id: KeptDeliveryId): Promise<void>;
  /** Notes that the copier's queue knows every object that was written up to a moment. */
  told(id: KeptDeliveryId, until: number): Promise<void>;
  list(): Promise<readonly KeptDelivery[]>;
}

/** The ports of the hourly look at kept delivery streams. */
export interface KeptPorts {
  readonly kept: Pick<KeptRegister, 'list' | 'told'>;
  readonly objects: WrittenObjects;
  readonly queues: KeptQueues;
  readonly logs: DeliveryLogs;
  /** The stage's name, with which the names of its log groups begin. */
  readonly stage: string;
  readonly now: () => number;
}

/** What Firehose logs about its deliveries. */
export interface DeliveryLogs {
  /**
   * The first failure to write to S3 that Firehose has logged since a moment, in ms since the epoch.
   * @returns undefined where there is none, and where there is no such log group
   */
  firstFailure(logGroup: string, since: number): Promise<WriteFailure | undefined>;
}

/** A write to S3 that Firehose tries again: for 24 hours, after which the events are lost. */
export interface WriteFailure {
  /** In ms since the epoch. */
  readonly at: number;
  /** As Firehose says, such as `S3.AccessDenied`. */
  readonly code: string;
}

/** The objects that Firehose wrote into the stage's bucket. */
export interface WrittenObjects {
  list(prefix: string): AsyncIterable<{ readonly key: string; readonly modifiedAt: number }>;
}

export interface KeptQueues {
  /** Counts the messages, those in hand included. @returns undefined where there is no such queue */
  depth(queueUrl: string): Promise<number | undefined>;
  /** Sends what S3 would send about an object. */
  tell(queueUrl: string, object: { readonly key: string; readonly createdAt: number }): Promise<void>;
}
