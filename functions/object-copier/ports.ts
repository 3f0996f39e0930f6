/** What the copier needs of the world. Times are milliseconds since the epoch. */

/** Where objects are copied to. */
export interface ObjectSink {
  /**
   * Brings one object to the receiver. Putting the same object again is harmless where the receiver has names
   * (GCS), and repeats its events where it has not (Azure).
   * @param signal aborts when the invocation's time is up; the outcome is then `busy`
   */
  put(object: SourceObject, signal: AbortSignal): Promise<SinkOutcome>;
}

export interface SourceObject {
  readonly key: string;
  readonly bytes: Uint8Array;
}

export type SinkOutcome =
  /** Durable at the receiver. `already` says that it was there before. */
  { readonly kind: 'stored'; readonly already: boolean } | Busy | Refused | Poison;

/** Asking later is all it takes: the message stays in the queue. */
export interface Busy {
  readonly kind: 'busy';
  readonly message: string;
  readonly status?: number;
  /** How long the receiver asked us to wait. */
  readonly retryAfterMs?: number;
}

/** A credential, permission or name is wrong: the message stays in the queue, and an operator is needed. */
export interface Refused {
  readonly kind: 'refused';
  readonly message: string;
  readonly status?: number;
}

/** Can never succeed as it is: the message goes to the dead-letter queue at once. */
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

/** The bucket that is copied from. */
export interface ObjectSource {
  get(
    key: string,
    signal: AbortSignal,
  ): Promise<{ readonly kind: 'object'; readonly bytes: Uint8Array } | Busy | Refused | Poison>;
}

export interface DeadLetters {
  /** Keeps a message as it came, so that a redrive sends the same; otherwise it stays where it is. */
  send(body: string, reason: PoisonReason): Promise<{ readonly kind: 'kept' } | Busy | Refused>;
}

/** Where an access token comes from. A token is reused until shortly before it expires. */
export interface AccessTokens {
  token(signal: AbortSignal): Promise<{ readonly kind: 'token'; readonly token: string } | Busy | Refused>;
  /** The receiver refused the token: the next one is fetched anew, with its secret read again. */
  forget(): void;
}

export interface Waiting {
  now(): number;
  /** Resolves after `ms`, or at once when aborted; never rejects. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** 0 <= x < 1. */
  random(): number;
}
