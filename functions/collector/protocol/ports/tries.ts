import type { RunId } from '../../../stored/run-id.ts';

/** Attempts at one batch of a destination that ended in a crash or a timeout. They stand in the run's `OPEN`. */
export interface Tries {
  /**
   * Counts one attempt at a batch, before it is made.
   * @returns how many attempts there are now; 0, and nothing counted, where the run has no `OPEN`
   */
  countTry(run: RunId, destination: string, number: number): Promise<number>;
  /** Forgets the tries of a destination, after an attempt that ended without a crash or timeout. */
  clearTries(run: RunId, destination: string): Promise<void>;
}
