/** The ports of the copier. Times are milliseconds since the epoch. */

/** The receiver of the copies. */
export interface ObjectSink {
  /**
   * Brings one object to the receiver. A receiver that names objects (GCS) takes the same object again without
   * harm; one that does not (Azure) gets the object's events once more.
   * @param signal aborts when the invocation's time is up; the outcome is then `busy`
   */
  put(object: SourceObject, signal: AbortSignal): Promise<SinkOutcome>;
}

export interface SourceObject {
  readonly key: string;
  readonly bytes: Uint8Array;
}

export type SinkOutcome =
  /** The object is durable at the receiver. `already` says that the receiver had it before. */
  { readonly kind: 'stored'; readonly already: boolean } | Busy | Refused | Poison;

/** The other side is busy, and a later attempt may succeed: the message stays in the queue. */
export interface Busy {
  readonly kind: 'busy';
  readonly message: string;
  readonly status?: number;
  /** The wait that the receiver asked for. */
  readonly retryAfterMs?: number;
}

/** A credential, permission or name is wrong: the message stays in the queue, and an operator is needed. */
export interface Refused {
  readonly kind: 'refused';
  readonly message: string;
  readonly status?: number;
}

/** No attempt at this message can succeed: the message goes to the dead-letter queue at once. */
export interface Poison {
  readonly kind: 'poison';
  readonly reason: PoisonReason;
  readonly message: string;
}

export type PoisonReason =
  | 'unparsable-message'
  | 'foreign-bucket'
  | 'object-missing'
  | 'object-too-large'
  | 'receiver-bucket-missing'
  | 'checksum-mismatch'
  | 'damaged-object'
  | 'event-too-large';

/** The bucket that objects are copied from. */
export interface ObjectSource {
  get(
    key: string,
    signal: AbortSignal,
  ): Promise<{ readonly kind: 'object'; readonly bytes: Uint8Array } | Busy | Refused | Poison>;
  /**
   * Marks an object as copied, so that the bucket may delete it when its days are over, whatever the settings say then.
   * @returns why it could not be marked; undefined where it is
   */
  markCopied(key: string, signal: AbortSignal): Promise<Busy | Refused | undefined>;
}

export interface DeadLetters {
  /**
   * Stores the message unchanged, so that a redrive repeats it exactly. Where that fails, the message stays in its
   * queue.
   */
  send(body: string, reason: PoisonReason): Promise<{ readonly kind: 'kept' } | Busy | Refused>;
}

/** Gives access tokens. A token is used again until shortly before it expires. */
export interface AccessTokens {
  token(signal: AbortSignal): Promise<{ readonly kind: 'token'; readonly token: string } | Busy | Refused>;
  /** Drops a token that the receiver refused. The next one is fetched with the secret read again. */
  forget(): void;
}

export interface Clock {
  now(): number;
  /** Resolves after `ms`, or at once when aborted; never rejects. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** 0 <= x < 1. */
  random(): number;
}
