import type { Means } from './means.ts';
import type { Pass, Run, Sweep } from './protocol-state.ts';

/** What a sweep and the run that it is at become. */
export interface SweepStep {
  readonly says: string;
  readonly sweep: Sweep;
  readonly run: Run;
  /** The pass was killed with a batch under way, for no fault of that batch. */
  readonly mishap?: true;
}

/** One destination's loop in a pass at a run. */
export interface At extends Means {
  readonly pass: Pass;
  readonly run: Run;
  readonly destination: number;
}

/** The next batch of a destination, as far as the pass knows. */
export function nextNumber({ last, got, closed }: Pass, destination: number): number | undefined {
  const next = got[destination]! + 1;
  return closed || next > last ? undefined : next;
}

/** True while an attempt is under way, or what came of one has not been recorded. */
export function isBusy({ loops }: Pass): boolean {
  return loops.some((loop) => loop === 'attempting' || loop === 'accepted');
}
