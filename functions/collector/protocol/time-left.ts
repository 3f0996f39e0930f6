import { journalBudgetMs } from '../budgets.ts';
import type { Ending } from './ending.ts';
import type { RunProgress } from './run-progress.ts';
import type { RunSettings } from './run-settings.ts';

/** Whether the time left covers one collect and its journal. */
export function hasTimeToCollect(now: number, settings: RunSettings, { overAt }: RunProgress): boolean {
  return overAt - now > settings.collectTimeout * 1_000 + journalBudgetMs;
}

/**
 * The end of a run whose time is up. One that Mosaic has not answered at all is no success: were it so each time, the
 * stream would stop in silence.
 *
 * @param otherwise what such a run fails with
 */
export function outOfTime({ counters }: RunProgress, otherwise: Ending): Ending {
  return counters.batches + counters.emptyAnswers > 0 ? { outcome: 'out-of-time' } : otherwise;
}
