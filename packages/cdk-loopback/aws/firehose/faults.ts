/** Faults of Firehose itself. Each function is asked at each turn; an absent one means no fault. */
export interface FirehoseFaults {
  /** A record of an accepted call is refused alone. `index` is its place in the call. */
  refuseRecord?(stream: string, index: number): RecordRefusal | undefined;
  /** The whole call is refused with `ServiceUnavailableException`; nothing of it is kept. */
  throttleCall?(stream: string): boolean;
  /**
   * A call above the room that is left is refused whole. Otherwise Firehose refuses the records without room. Both
   * are documented; the choice between them is not.
   */
  throttlesWholeCalls?(stream: string): boolean;
  /** Told of every call of which not all found room in the quota. */
  onThrottled?(stream: string): void;
  /** The call is done, and its answer is lost. */
  dropAnswer?(stream: string): boolean;
  /** How many times its size hint a buffer grows before it is delivered, 1 and more. */
  overshoot?(stream: string): number;
  /** A repeated HTTP request gets an id of its own: Firehose keeps it by best effort only. */
  changeRequestId?(stream: string): boolean;
}

export type RecordRefusal = 'ServiceUnavailableException' | 'InternalFailure';
