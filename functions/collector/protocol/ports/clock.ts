/** The passing of time, and chance. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after `ms`, or at once when aborted; never rejects. 0 lets what was just sent leave, aborted or not. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** 0 <= x < 1. */
  random(): number;
}
