import type { State } from '../../functions/collector/protocol/ports/state.ts';
import type { OpenRun } from '../../functions/stored/open-item.ts';
import type { RunRecord } from '../../functions/stored/run-item.ts';
import type { JournalPlace } from '../replay/sources/journal.ts';
import { hourMs } from './readable-destination.ts';

/** The records of one stream's runs: their progress while they are open, and their end. */
export interface RunsOnRecord {
  open(run: JournalPlace): OpenRun | undefined;
  /** The run's record; undefined before its end, and after the record has expired. */
  record(run: JournalPlace): Promise<RunRecord | undefined>;
}

/** Reads the open runs now, and a day's records when one of them is first asked for. */
export async function readRuns(state: State): Promise<RunsOnRecord> {
  const open = new Map((await state.openRuns.listOpen()).map((each) => [each.run, each]));
  const days = new Map<string, Promise<ReadonlyMap<string, RunRecord>>>();
  const recordsOf = async (day: string): Promise<ReadonlyMap<string, RunRecord>> => {
    const from = Date.parse(day);
    const records = await state.records.listRecords({ from, to: from + 24 * hourMs });
    return new Map(records.map((each) => [each.run, each]));
  };
  return {
    open: ({ run }) => open.get(run),
    async record({ run, day }) {
      const records = days.get(day) ?? recordsOf(day);
      days.set(day, records);
      return (await records).get(run);
    },
  };
}

/**
 * A destination's standing towards a batch: `accepted` by its delivery stream, `waiting` for the sweep, `notOwed`
 * where the run did not have the destination, `unknown` where neither the run's progress nor its record is left.
 */
export type Standing = 'accepted' | 'waiting' | 'notOwed' | 'unknown';

export async function standingOf(
  destination: string,
  batch: JournalPlace,
  runs: RunsOnRecord,
): Promise<Standing> {
  const open = runs.open(batch);
  if (open !== undefined) {
    const done = open.done[destination];
    if (done === undefined) return 'notOwed';
    return done >= batch.number ? 'accepted' : 'waiting';
  }
  const record = await runs.record(batch);
  if (record === undefined) return 'unknown';
  // A record of an earlier version names no destinations, and counts as owed to all.
  return record.destinations?.includes(destination) === false ? 'notOwed' : 'accepted';
}

/**
 * The record of a run's delivery to a destination that has some of its batches: the number of their late events,
 * the time by which the last of them was delivered, and that one's number.
 */
export async function deliveryOf(
  destination: string,
  batch: JournalPlace,
  { runs, now }: { readonly runs: RunsOnRecord; readonly now: number },
): Promise<{ readonly told: number; readonly until: number; readonly last: number }> {
  const open = runs.open(batch);
  if (open !== undefined)
    return { told: open.late?.[destination] ?? 0, until: now, last: open.done[destination] ?? 0 };
  const record = await runs.record(batch);
  if (record === undefined) return { told: 0, until: now, last: 0 };
  const { late, complete, endedAt, sweptAt, lastNumber } = record;
  return {
    told: late?.[destination] ?? 0,
    until: complete === true ? (sweptAt ?? endedAt) : now,
    last: lastNumber,
  };
}
