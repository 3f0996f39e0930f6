import type { RunId } from '../../stored/run-id.ts';
import type { Recorded } from './ports/late-events.ts';
import type { State } from './ports/state.ts';

/** Writes how far a destination has got in a run, and with it, in one write, the count of its late events so far. */
export async function writeDone(
  { openRuns, lateEvents }: Pick<State, 'openRuns' | 'lateEvents'>,
  run: RunId,
  { destination, done, late }: Progress,
): Promise<Recorded> {
  if (late > 0) return lateEvents.recordDoneWithLate(run, destination, done, late);
  return (await openRuns.recordDone(run, destination, done)) ? 'moved' : 'gone';
}

interface Progress {
  readonly destination: string;
  readonly done: number;
  /** Of the batches 1..done, events that were late for the receiver; 0 where it has no limit. */
  readonly late: number;
}
