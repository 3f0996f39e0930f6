import type { Configuration } from './configuration.ts';
import type { Means } from './means.ts';
import type { Run } from './protocol-state.ts';
import type { Rules } from './rules.ts';
import { endSteps } from './run-end.ts';
import {
  alive,
  forget,
  newOpen,
  openOf,
  type RunStep,
  settle,
  withOpen,
  writeProgress,
} from './state-changes.ts';

/**
 * The steps of "One run" in the design that touch the run alone, in its order. Each has one lasting effect, and a crash
 * may follow any. The lease, and the first `OPEN`, are in `lease-steps.ts`.
 */
export function runSteps(run: Run, means: Means): readonly RunStep[] {
  if (!alive(run)) return [];
  const { rules, configuration } = means;
  const steps: RunStep[] = [];
  const may = (says: string, next: Run | undefined) => {
    if (next !== undefined) steps.push({ says, next });
  };

  if (run.consumed < configuration.batches && rules.mayCollect(run)) {
    may('gets an answer and PUTs it', receiveAnswer(run, rules));
    may('loses an answer that Mosaic consumed', loseAnswer(run, rules));
  }
  may('hears that its PUT is durable', hearAcknowledgement(run));
  may('stops collecting', run.phase === 'working' ? { ...run, phase: 'ending' } : undefined);
  for (let destination = 0; destination < configuration.destinations; destination += 1) {
    const place = `at destination ${destination + 1}`;
    may(`has its next batch accepted ${place}`, deliverNext(run, destination));
    may(`goes past a failed batch ${place}`, passFailedBatch(run, destination, rules));
    may(`has its last resort accepted ${place}`, deliverUnjournaled(run, destination));
    may(`records its progress ${place}`, recordProgress(run, destination, rules));
  }
  may('records how many batches there are', recordLastNumber(run, configuration));
  may('writes its vanished OPEN anew', writeOpenAnew(run, means));
  steps.push(...endSteps(run, means));
  may('is killed', forget(run, 'gone'));
  return steps;
}

/** Between the answer and its PUT nothing lasting happens, so they are one step; the PUT may never land. */
function receiveAnswer(run: Run, rules: Rules): Run {
  const sent = { number: rules.nextNumber(run), answer: run.answers + 1 };
  return {
    ...run,
    consumed: run.consumed + 1,
    answers: run.answers + 1,
    underWay: [...run.underWay, sent],
  };
}

/** A timeout, a reset after sending, a 5xx. One that consumed nothing is `stops collecting`. */
function loseAnswer(run: Run, rules: Rules): Run {
  return {
    ...run,
    consumed: run.consumed + 1,
    phase: rules.goesOnAfterUnknown ? run.phase : 'ending',
  };
}

function hearAcknowledgement(run: Run): Run | undefined {
  const next = run.acknowledged + 1;
  return collectsOrEnds(run) && run.everJournaled.includes(next) ? { ...run, acknowledged: next } : undefined;
}

/** In order, and only what is journaled; from memory or from the journal is all one here. */
function deliverNext(run: Run, destination: number): Run | undefined {
  const next = run.got[destination]! + 1;
  return collectsOrEnds(run) && next <= run.acknowledged
    ? { ...settle(run, next, destination), got: run.got.with(destination, next) }
    : undefined;
}

/** What the design forbids: a refused batch leaves the rest of that run and destination to the sweep. */
function passFailedBatch(run: Run, destination: number, rules: Rules): Run | undefined {
  const next = run.got[destination]! + 1;
  return !rules.stopsAtFailedBatch && collectsOrEnds(run) && next <= run.acknowledged
    ? { ...run, got: run.got.with(destination, next) }
    : undefined;
}

/** S3 refused until the deadline. The run stays open, for the PUT may still land. */
function deliverUnjournaled(run: Run, destination: number): Run | undefined {
  const settled =
    run.phase === 'ending' && run.acknowledged < run.answers ? settle(run, run.answers, destination) : run;
  return settled === run ? undefined : settled;
}

function recordProgress(run: Run, destination: number, rules: Rules): Run | undefined {
  if (!collectsOrEnds(run)) return undefined;
  return writeProgress(run, { destination, number: rules.progress(run, destination) }, rules);
}

function recordLastNumber(run: Run, { expiry }: Configuration): Run | undefined {
  const open = openOf(run);
  if (!expiry || open === undefined || !collectsOrEnds(run) || run.acknowledged <= open.lastNumber)
    return undefined;
  return withOpen(run, { ...open, lastNumber: run.acknowledged });
}

/** The run learns from its next record that the table was put back, since that finds no `OPEN`. */
function writeOpenAnew(run: Run, { rules, configuration }: Means): Run | undefined {
  const writes = run.phase === 'working' || run.phase === 'ending';
  if (!writes || !rules.writesOpenAnew || openOf(run) !== undefined) return undefined;
  return withOpen(run, newOpen(run, rules.newOpen, configuration));
}

function collectsOrEnds({ phase }: Run): boolean {
  return phase === 'leased' || phase === 'working' || phase === 'ending';
}
