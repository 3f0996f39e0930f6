import type { OpenItem, ProtocolState, Run } from './protocol-state.ts';
import type { Rules } from './rules.ts';

/** The changes that runs and sweeps make alike. */

export function withRun(state: ProtocolState, at: number, run: Run): ProtocolState {
  return { ...state, runs: state.runs.with(at, run) };
}

export function isOpen(run: Run): run is OpenedRun {
  return typeof run.open === 'object';
}

interface OpenedRun extends Run {
  readonly open: OpenItem;
}

/** Has a process that may still act. */
export function alive(run: Run): boolean {
  return run.phase !== 'waiting' && run.phase !== 'gone';
}

/** What the process knew is used no more, what it wrote stays. */
export function forget(run: Run, phase: 'parting' | 'gone'): Run {
  return { ...run, phase, consumed: 0, answers: 0, acknowledged: 0, got: run.got.map(() => 0) };
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
  const done = isOpen(run) ? run.open.done : run.got.map(() => 0);
  if (progress.number <= done[progress.destination]!) return undefined;
  const grown = done.with(progress.destination, progress.number);
  if (isOpen(run)) return { ...run, open: { ...run.open, done: grown } };
  return rules.recordsOnlyOnOpen ? undefined : { ...run, open: { done: grown, sealAfter: 'none' } };
}

/** An object lands. The number names it, so a second answer under one number replaces the first. */
export function land(run: Run, put: Run['underWay'][number]): Run {
  return {
    ...run,
    underWay: run.underWay.filter((other) => other !== put),
    journal: [...run.journal.filter((object) => object.number !== put.number), put].sort(
      (one, other) => one.number - other.number,
    ),
    everJournaled: [...run.everJournaled, put.answer].sort((one, other) => one - other),
  };
}
