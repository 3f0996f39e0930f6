import type { DeliveryFlow, FlowOptions } from '../protocol/ports/destination.ts';

/**
 * Creates a flow at a destination's quota.
 *
 * @param share part of the quota that the flow may use now, 0 < share <= 1; asked at each call
 */
export function createDeliveryFlow(
  quotaBytesPerSecond: number,
  { clock, signal, share = () => 1 }: FlowOptions,
): DeliveryFlow {
  let freeAt = 0;
  let lookedAt = 0;
  let callBytes = quotaBytesPerSecond;
  // If the clock is put back, the next call must not wait until the clock has made up for it.
  const lookAtClock = (): number => {
    const now = clock.now();
    freeAt -= Math.max(0, lookedAt - now);
    lookedAt = now;
    return now;
  };
  const durationMs = (bytes: number): number => (bytes / (quotaBytesPerSecond * share())) * 1_000;
  return {
    durationMs,
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
