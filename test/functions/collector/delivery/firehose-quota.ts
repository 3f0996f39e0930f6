import type { SteppingClock } from '../protocol/stepping-clock.ts';

/** The delivery stream of a destination, as far as its quota goes. */
export interface Quota {
  /** Answers a call at the clock's time: undefined for each record within the quota. */
  answer(records: readonly Uint8Array[]): readonly (string | undefined)[];
}

/** A bucket of one second's bytes that fills at the quota; what does not fit is refused record by record. */
export function createQuota(bytesPerSecond: number, clock: Pick<SteppingClock, 'now'>): Quota {
  let room = bytesPerSecond;
  let filledAt = clock.now();
  return {
    answer(records) {
      const now = clock.now();
      room = Math.min(bytesPerSecond, room + ((now - filledAt) / 1_000) * bytesPerSecond);
      filledAt = now;
      return records.map(({ byteLength }) => {
        if (byteLength > room) return 'ServiceUnavailableException';
        room -= byteLength;
        return undefined;
      });
    },
  };
}
