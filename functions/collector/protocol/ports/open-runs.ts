import type { OpenRun } from '../../../stored/open-item.ts';
import type { RunId } from '../../../stored/run-id.ts';

/** The `OPEN` items: runs that have not everything delivered. No method but `open` brings an item into being. */
export interface OpenRuns {
  /** Writes the item unless it is there. */
  open(open: OpenRun): Promise<void>;
  /** Every open run of the stream. */
  listOpen(): Promise<readonly OpenRun[]>;
  /**
   * Sets `done` of a destination, only growing, and forgets the destination's tries.
   * @returns false where there is no item: the run has been closed, or the table was put back
   */
  recordDone(run: RunId, destination: string, number: number): Promise<boolean>;
  /** Like `recordDone`, past batches that have left the journal; adds `lost` to those of the run. */
  recordLost(run: RunId, destination: string, number: number, lost: number): Promise<boolean>;
  /** Sets how many batches the run has journaled so far, only growing. @returns false where there is no item */
  recordBatches(run: RunId, lastNumber: number): Promise<boolean>;
  /**
   * Sets `sealAfter`, in ms since the epoch, and the final `lastNumber`: nothing more of the run is on its way.
   * @returns false where there is no item
   */
  seal(run: RunId, at: number, lastNumber: number): Promise<boolean>;
  /** Sets the final `lastNumber` of a run that did not seal itself, only growing. */
  countBatches(run: RunId, lastNumber: number): Promise<void>;
  /** Deletes the item. A record of the run that says `complete` must have been written before. */
  close(run: RunId): Promise<void>;
}
