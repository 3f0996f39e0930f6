import type { RunRecord } from '../../functions/stored/run-item.ts';
import { type Load, type Timing, usualTiming } from './workload.ts';

/** The figures of a stream's history. */
export interface Observed {
  readonly load: Load;
  readonly timing: Timing;
  /** Median time between two runs. */
  readonly everySeconds: number;
  readonly runs: number;
  readonly answers: { readonly full: number; readonly short: number; readonly empty: number };
  /** Runs that ended before the stream was drained. */
  readonly outOfTime: number;
}

/** The reason why a history gives no figures, in words that end a sentence. */
export interface Untold {
  readonly missing: string;
}

/**
 * Derives the figures from the records of runs.
 *
 * @param all oldest first; a killed run has told only its batches, and a recovery has collected nothing
 */
export function observe(all: readonly RunRecord[]): Observed | Untold {
  const records = all.filter(({ outcome }) => outcome !== 'swept' && outcome !== 'recovered');
  const first = records[0];
  const last = records.at(-1);
  if (first === undefined || last === undefined) return { missing: 'it has no runs in that time' };
  if (records.length < 2) return { missing: 'it has one run, and a rate needs two' };
  // The events of the first run were raised before it began.
  const later = records.slice(1);
  const seconds = (last.startedAt - first.startedAt) / 1_000;
  const events = total(later, 'events');
  if (seconds <= 0 || events === 0) return { missing: `its ${records.length} runs brought no events` };
  const killed = all.filter(({ outcome, startedAt }) => outcome === 'swept' && startedAt > first.startedAt);
  const untold = (total(killed, 'batches') * events) / Math.max(1, total(later, 'batches'));
  const batches = total(records, 'batches');
  const calls = batches + total(records, 'emptyAnswers');
  return {
    load: { eventsPerSecond: (events + untold) / seconds, eventBytes: total(later, 'sourceBytes') / events },
    timing: {
      collectMs: calls === 0 ? usualTiming.collectMs : total(records, 'collectMs') / calls,
      journalMs: batches === 0 ? usualTiming.journalMs : total(records, 'journalMs') / batches,
      betweenMs: usualTiming.betweenMs,
      cpuMs: usualTiming.cpuMs,
    },
    everySeconds: medianGap(records),
    runs: records.length,
    answers: {
      full: total(records, 'fullAnswers'),
      short: total(records, 'shortAnswers'),
      empty: total(records, 'emptyAnswers'),
    },
    outOfTime: records.filter(({ outcome }) => outcome === 'out-of-time').length,
  };
}

function total(records: readonly RunRecord[], name: NumberOf<RunRecord>): number {
  return records.reduce((sum, record) => sum + record[name], 0);
}

type NumberOf<Item> = Extract<
  { [Name in keyof Item]-?: Item[Name] extends number ? Name : never }[keyof Item],
  keyof Item
>;

function medianGap(records: readonly RunRecord[]): number {
  const gaps = records.slice(1).map(({ startedAt }, index) => startedAt - records[index]!.startedAt);
  return Math.max(1, Math.round(gaps.toSorted((a, b) => a - b)[gaps.length >> 1]! / 1_000));
}
