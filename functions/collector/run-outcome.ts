import type { RunOutcome } from './ports.ts';

/** True where a run has read all that was raised before it began. */
export function leftNothing(outcome: RunOutcome): boolean {
  return outcome === 'drained' || outcome === 'caught-up';
}
