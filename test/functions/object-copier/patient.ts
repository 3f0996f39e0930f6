import type { Clock } from '../../../functions/object-copier/ports.ts';

/** Waits that pass at once and are written down. */
export interface RecordedClock extends Clock {
  readonly waits: number[];
}

export function recordedClock(now: () => number): RecordedClock {
  const waits: number[] = [];
  return {
    waits,
    now,
    random: () => 1,
    async sleep(ms) {
      waits.push(ms);
    },
  };
}

export const neverAborted = new AbortController().signal;
