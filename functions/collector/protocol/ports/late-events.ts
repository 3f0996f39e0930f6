import type { RunId } from '../../../stored/run-id.ts';

/** Events that were too old or too new for a destination's receiver. Their numbers stand in the run's `OPEN`. */
export interface LateEvents {
  /**
   * Like `recordDone` of the open runs, and sets in the same write how many events of the batches 1..number were late for the
   * destination. Where `done` is as far already, both stay as they are.
   * @returns `moved` where this write moved both; `gone` where there is no item
   */
  recordDoneWithLate(run: RunId, destination: string, number: number, late: number): Promise<Recorded>;
}

export type Recorded = 'moved' | 'as-far' | 'gone';
