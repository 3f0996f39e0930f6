import type { RunId } from '../../../stored/run-id.ts';
import type { RunRecord } from '../../../stored/run-item.ts';

/** The `RUN#` items: one record for each run that ended or was swept, kept for the journal's lifetime and 7 days. */
export interface RunRecords {
  /** Writes the record unless it is there. */
  writeRecord(record: RunRecord): Promise<void>;
  /** Sets `complete`, `lost`, `late` and `sweptAt` in the run's record; writes the record as given where there is none. */
  completeRecord(record: RunRecord): Promise<void>;
  readRecord(run: RunId): Promise<RunRecord | undefined>;
  /** The records of runs that started in [from, to), in ms since the epoch, oldest first. */
  listRecords(range: { readonly from: number; readonly to: number }): Promise<readonly RunRecord[]>;
}
