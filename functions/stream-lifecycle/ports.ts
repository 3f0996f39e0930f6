import type { UnfinishedRun } from '../stored/open-item.ts';
import type { KnownStream } from '../stored/stream-register.ts';

/** What the lifecycle needs of the world. */
export interface LifecyclePorts {
  readonly mosaic: MosaicStreams;
  readonly register: StreamRegister;
  readonly now: () => number;
}

/** Mosaic's streams, opened for one request. Every call may be repeated. */
export interface MosaicStreams {
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
  /** `withoutRetention`: this generation of the API did not take it. */
  | { readonly kind: 'created'; readonly withoutRetention: boolean }
  /**
   * 409: it was there, with settings that cannot be read back. `unclear`: an earlier call of this request ended
   * without a clear answer, so that one may have created the stream.
   */
  | { readonly kind: 'already-there'; readonly unclear: boolean }
  | MosaicRefusal;

export type RemoveOutcome = { readonly kind: 'deleted' | 'not-there' } | MosaicRefusal;

/** `message` says what happened and what an operator can do. */
export interface MosaicRefusal {
  readonly kind: 'refused';
  readonly message: string;
}

/** What the relay knows of its streams: the part of `META` that the lifecycle writes. */
export interface StreamRegister {
  read(name: string): Promise<KnownStream | undefined>;
  /** Every name of which this is the present stream, also one that has left the settings. */
  readersOf(stream: {
    readonly type: string;
    readonly streamId: string;
  }): Promise<readonly { readonly name: string; readonly known: KnownStream }[]>;
  /**
   * Writes what is now known, in place of what was read before.
   * @returns false, having changed nothing, when it is no longer as it was read
   */
  write(name: string, known: KnownStream, before: KnownStream | undefined): Promise<boolean>;
}

/** The runs of every stream of the table that are not finished. */
export interface UnfinishedRuns {
  list(): Promise<readonly UnfinishedRun[]>;
}
