import type { Waiting } from '../../../functions/object-copier/ports.ts';

/** Waits that pass at once and are written down. */
export interface RecordedWaiting extends Waiting {
  readonly waits: number[];
}

export function recordedWaiting(now: () => number): RecordedWaiting {
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
