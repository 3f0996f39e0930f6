import type { RunId } from '../../../stored/run-id.ts';

/** Events that were too old or too new for a destination's receiver. Their numbers stand in the run's `OPEN`. */
export interface LateEvents {
  /**
   * Adds events to those of the run, before the progress that passes them; nothing where the run has no `OPEN`. Two
   * calls count twice: a batch that is delivered twice counts its late events twice.
   */
  recordLate(run: RunId, destination: string, events: number): Promise<void>;
}
