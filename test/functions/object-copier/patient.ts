import type { AccessTokens, Waiting } from '../../../functions/object-copier/ports.ts';

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

/** A token that never changes. */
function fixedToken(token: string): AccessTokens {
  return { token: async () => ({ kind: 'token', token }), forget() {} };
}

export const neverAborted = new AbortController().signal;
