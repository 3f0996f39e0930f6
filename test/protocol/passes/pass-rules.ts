import type { WaitingRun } from './backlog.ts';

/** The decisions of a sweep that L3 and L4 rest on, so that a planted fault is one of them decided otherwise. */
export interface PassRules {
  /** Are batches with a try standing attempted first, one alone at a time? */
  readonly suspectsFirst: boolean;
  /** The destinations that share a loop, its time and its order. */
  loops(destinations: readonly number[]): readonly (readonly number[])[];
  /** The order in which a loop takes the runs, which come oldest first. */
  order<Run extends WaitingRun>(runs: readonly Run[]): readonly Run[];
  /** Does a refusal end the loop for every destination in it? */
  readonly refusalEndsLoop: boolean;
  readonly successClears: boolean;
  readonly refusalCounts: boolean;
  /** Attempts that end in crashes before a batch goes to quarantine. */
  readonly limit: number;
}

export const passesOfTheDesign: PassRules = {
  suspectsFirst: true,
  loops: (destinations) => destinations.map((destination) => [destination]),
  order: (runs) => runs,
  refusalEndsLoop: false,
  successClears: true,
  refusalCounts: false,
  limit: 5,
};

export function fewestTriesFirst<Run extends WaitingRun>(runs: readonly Run[]): readonly Run[] {
  return runs.toSorted((one, other) => sumOfTries(one) - sumOfTries(other));
}

function sumOfTries(run: WaitingRun): number {
  return run.reduce((sum, { tries }) => sum + tries, 0);
}
