import { journalBudgetMs } from '../budgets.ts';
import type { Ending } from './ending.ts';
import type { RunProgress } from './run-progress.ts';
import type { RunSettings } from './run-settings.ts';

/** True if the time left covers one collect and its journal. */
export function hasTimeToCollect(now: number, settings: RunSettings, progress: RunProgress): boolean {
  return timeToCollect(now, settings, progress) > 0;
}

/** How long collects may still be started, in ms; 0 or less where there is no time for one. */
export function timeToCollect(now: number, settings: RunSettings, { overAt }: RunProgress): number {
  return overAt - now - settings.collectTimeout * 1_000 - journalBudgetMs;
}

/**
 * The end of a run whose time is up. A run that got no answer from Mosaic counts as failed: otherwise a stream whose
 * every run gets none would stop in silence.
 *
 * @param otherwise what such a run fails with
 */
export function outOfTime({ counters }: RunProgress, otherwise: Ending): Ending {
  return counters.batches + counters.emptyAnswers > 0 ? { outcome: 'out-of-time' } : otherwise;
}
