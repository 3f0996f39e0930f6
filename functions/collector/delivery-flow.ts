import type { Clock } from './ports.ts';

/**
 * The flow of bytes to one delivery stream: how fast calls follow each other, and how large one may be.
 *
 * A call waits until what went before has been paid for at the rate; the first one goes at once. No call is larger
 * than the quota takes in a second. A call that Firehose throttles whole halves the size of the next, and each call
 * that is taken lets it grow again by an eighth of the quota.
 */
export interface DeliveryFlow {
  /** The most bytes that the next call may hold, where it holds more than one record. */
  readonly callBytes: number;
  /** Waits until a call of so many bytes may be sent, or the signal aborts. */
  wait(bytes: number): Promise<void>;
  /** Firehose took a call. */
  taken(): void;
  /** Firehose did not take so many bytes of a call, which have then not been spent. */
  returned(bytes: number): void;
  /** Firehose throttled a whole call of so many bytes. */
  throttled(bytes: number): void;
}

/** @param share of the quota that the flow may use now, 0 < share <= 1; asked at each call */
export function createDeliveryFlow(
  quotaBytesPerSecond: number,
  { clock, signal, share = () => 1 }: FlowMeans,
): DeliveryFlow {
  let freeAt = 0;
  let lookedAt = 0;
  let callBytes = quotaBytesPerSecond;
  // A clock that is put back would otherwise make the next call wait for as long.
  const lookAtClock = (): number => {
    const now = clock.now();
    freeAt -= Math.max(0, lookedAt - now);
    lookedAt = now;
    return now;
  };
  const durationMs = (bytes: number): number => (bytes / (quotaBytesPerSecond * share())) * 1_000;
  return {
    get callBytes() {
      return callBytes;
    },
    async wait(bytes) {
      const now = lookAtClock();
      if (freeAt > now) await clock.sleep(freeAt - now, signal);
      freeAt = Math.max(lookAtClock(), freeAt) + durationMs(bytes);
    },
    taken() {
      callBytes = Math.min(quotaBytesPerSecond, callBytes + quotaBytesPerSecond / 8);
    },
    returned(bytes) {
      freeAt = Math.max(lookAtClock(), freeAt - durationMs(bytes));
    },
    throttled(bytes) {
      callBytes = Math.max(1, Math.min(callBytes, bytes) / 2);
    },
  };
}

export interface FlowMeans {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly share?: () => number;
}
