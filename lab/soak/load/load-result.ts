import type { LoadFigures, LoadRow } from './load-row.ts';
import { problemsOf } from './load-verdict.ts';
import type { LoadMeasure } from './measure-load.ts';

export interface LoadResult {
  readonly row: LoadRow;
  readonly figures: LoadFigures;
  /** The claims that the row has not kept, a sentence each. */
  readonly problems: readonly string[];
}

export function resultOf(row: LoadRow, measure: LoadMeasure, peakMb: number): LoadResult {
  const { samples, undelivered } = measure;
  const places = Array.from({ length: row.destinations }, (_, place) => place);
  const undeliveredBytes = places.map((place) => samples.map((sample) => sample[place]!.bytes));
  const oldestMs = places.map((place) => samples.map((sample) => sample[place]!.oldestMs));
  const compared = places.map((place) => undelivered.compare(place));
  const problems = problemsOf({
    row,
    undeliveredBytes,
    oldestMs,
    timeoutMs: measure.timeoutMs,
    draining: measure.draining.drainings,
  });
  const { rate, quotaMiBPerSecond, destinations, everyMinutes, hours } = row;
  return {
    row,
    problems,
    figures: {
      ...{ rate, quotaMiBPerSecond, destinations, everyMinutes, hours },
      undeliveredMiB: undeliveredBytes.map((each) => each.map((bytes) => oneDigit(bytes / 1024 / 1024))),
      oldestUndeliveredSeconds: oldestMs.map((each) => each.map((ms) => Math.round(ms / 1_000))),
      journalObjects: measure.journalObjects,
      busySeconds: Math.round(measure.busyMs / 1_000),
      missing: compared.reduce((sum, { missing }) => sum + missing, 0),
      duplicates: compared.reduce((sum, { duplicates }) => sum + duplicates, 0),
      peakMb: Math.round(peakMb),
      levelsOff: problems.length === 0,
    },
  };
}

function oneDigit(value: number): number {
  return Math.round(value * 10) / 10;
}
