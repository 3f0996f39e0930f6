import { type Configuration, openItem } from './configuration.ts';
import type { Items, OpenItem, ProtocolState, Run } from './protocol-state.ts';
import type { Rules } from './rules.ts';

/** The changes that runs, sweeps and audits make alike. */

/** What a run becomes by a step that touches it alone. */
export interface RunStep {
  readonly says: string;
  readonly next: Run;
}

export function withRun(state: ProtocolState, at: number, run: Run): ProtocolState {
  return { ...state, runs: state.runs.with(at, run) };
}

export function openOf({ table }: Pick<Run, 'table'>): OpenItem | undefined {
  return typeof table.open === 'object' ? table.open : undefined;
}

export function withOpen(run: Run, open: Items['open']): Run {
  return { ...run, table: { ...run.table, open } };
}

/** Has a process that may still act. */
export function alive(run: Run): boolean {
  return run.phase !== 'waiting' && run.phase !== 'gone';
}

/** An `OPEN` with what the run itself knows. */
export function newOpen(
  run: Run,
  { sealAfter, counted }: Pick<OpenItem, 'sealAfter' | 'counted'>,
  { expiry }: Configuration,
): OpenItem {
  if (!expiry) return openItem({ done: run.got, late: run.got, sealAfter, lastNumber: 0 });
  return openItem({ done: run.got, late: run.got, sealAfter, lastNumber: run.acknowledged, counted });
}

/** What the process knew is used no more, what it wrote stays. */
export function forget(run: Run, phase: 'parting' | 'gone'): Run {
  return {
    ...run,
    phase,
    consumed: 0,
    answers: 0,
    acknowledged: 0,
    got: run.got.map(() => 0),
    overtaken: false,
  };
}

/** A destination accepts an answer, or the answer goes to quarantine for it. Again is harmless. */
export function settle(run: Run, answer: number, destination: number): Run {
  const places = run.settled[answer - 1]!;
  return places[destination]
    ? run
    : { ...run, settled: run.settled.with(answer - 1, places.with(destination, true)) };
}

/** `done.<destination>`: only growing, and only on an `OPEN` that still exists. */
export function writeProgress(
  run: Run,
  progress: { readonly destination: number; readonly number: number },
  rules: Rules,
): Run | undefined {
  const open = openOf(run);
  const done = open?.done ?? run.got.map(() => 0);
  if (progress.number <= done[progress.destination]!) return undefined;
  const grown = done.with(progress.destination, progress.number);
  if (open !== undefined) {
    const late =
      rules.countsLate === 'with-done' ? open.late.with(progress.destination, progress.number) : open.late;
    return withOpen(run, { ...open, done: grown, late });
  }
  return rules.recordsOnlyOnOpen
    ? undefined
    : withOpen(run, openItem({ done: grown, late: grown, sealAfter: 'none', lastNumber: 0 }));
}

/** What the design forbids: late events are counted by a write of their own, when a batch is delivered. */
export function countLateApart(run: Run, destination: number, { countsLate }: Rules): Run {
  const open = openOf(run);
  if (countsLate !== 'before-done' || open === undefined) return run;
  return withOpen(run, { ...open, late: open.late.with(destination, open.late[destination]! + 1) });
}

/**
 * Deletes `OPEN`.
 * @param recorded the deleter has written `complete` into `RUN#`: where that is gone, the table was put back between the
 *   two writes, and the item is as if it had never been
 */
export function deleteOpen(run: Run, { recorded }: { readonly recorded: boolean }): Run {
  return withOpen(run, recorded && run.table.record !== 'complete' ? 'never' : 'closed');
}
