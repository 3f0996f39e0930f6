import type { Step } from './explore.ts';
import type { OpenItem, ProtocolState, Run, Size } from './protocol-state.ts';
import type { Rules } from './rules.ts';
import { alive, forget, isOpen, settle, withRun, writeProgress } from './state-changes.ts';

/** The steps of "One run" in the design, in its order. Each has one lasting effect, and a crash may follow any. */
export function runSteps(
  state: ProtocolState,
  at: number,
  model: { readonly rules: Rules; readonly size: Size },
): readonly Step<ProtocolState>[] {
  const run = state.runs[at]!;
  if (run.phase === 'gone') return [];
  const name = `run ${at + 1}`;
  const steps: Step<ProtocolState>[] = [];
  const may = (says: string, next: ProtocolState | undefined) => {
    if (next !== undefined) steps.push({ says: `${name} ${says}`, next });
  };
  const mayAlone = (says: string, next: Run | undefined) =>
    may(says, next === undefined ? undefined : withRun(state, at, next));

  may('takes the lease', takeLease(state, at, model.rules));
  may('writes OPEN', writeOpen(state, at, model.rules));
  if (mayAsk(run, model)) {
    mayAlone('gets an answer and PUTs it', receiveAnswer(run, model.rules));
    mayAlone('loses an answer that Mosaic consumed', loseAnswer(run, model.rules));
  }
  mayAlone('hears that its PUT is durable', hearAcknowledgement(run));
  mayAlone('stops collecting', run.phase === 'working' ? { ...run, phase: 'ending' } : undefined);
  for (let destination = 0; destination < model.size.destinations; destination += 1) {
    const place = `at destination ${destination + 1}`;
    mayAlone(`has its next batch accepted ${place}`, deliverNext(run, destination));
    mayAlone(`goes past a failed batch ${place}`, passFailedBatch(run, destination, model.rules));
    mayAlone(`has its last resort accepted ${place}`, deliverUnjournaled(run, destination));
    mayAlone(`records its progress ${place}`, recordProgress(run, destination, model.rules));
  }
  mayAlone('writes RUN#', writeRunRecord(run));
  mayAlone('deletes OPEN', close(run, model.rules));
  mayAlone('seals OPEN', seal(run, model.rules));
  mayAlone('leaves OPEN as it is', leave(run, model.rules));
  may('writes its end and frees the lease', end(state, at));
  mayAlone('is killed', alive(run) ? forget(run, 'gone') : undefined);
  return steps;
}

/** A run that is not granted the lease ends as `OverlapSkipped` and has done nothing, so it is still waiting. */
function takeLease(state: ProtocolState, at: number, rules: Rules): ProtocolState | undefined {
  const run = state.runs[at]!;
  // Runs are alike, so they may as well begin in the order of their numbers.
  const isNext = run.phase === 'waiting' && (at === 0 || state.runs[at - 1]!.phase !== 'waiting');
  return isNext && rules.mayStart(state)
    ? { ...withRun(state, at, { ...run, phase: 'leased' }), lease: rules.leases ? at : undefined }
    : undefined;
}

function writeOpen(state: ProtocolState, at: number, rules: Rules): ProtocolState | undefined {
  const run = state.runs[at]!;
  if (run.phase !== 'leased') return undefined;
  const open: OpenItem = { done: run.got.map(() => 0), sealAfter: 'first' };
  const others = rules.openItemPerRun
    ? state
    : {
        ...state,
        runs: state.runs.map((other) => (isOpen(other) ? { ...other, open: 'never' as const } : other)),
      };
  return withRun(others, at, { ...run, phase: 'working', open });
}

function mayAsk(run: Run, model: { readonly rules: Rules; readonly size: Size }): boolean {
  return run.consumed < model.size.batches && model.rules.mayCollect(run);
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

/** In order, from memory, and only what is journaled. */
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

function writeRunRecord(run: Run): Run | undefined {
  return run.phase === 'ending' ? { ...run, phase: 'recorded', recorded: true } : undefined;
}

function close(run: Run, rules: Rules): Run | undefined {
  const inTime = run.phase === 'recorded' || (run.phase === 'ending' && !rules.recordsRunFirst);
  return inTime && isOpen(run) && rules.mayClose(run)
    ? forget({ ...run, open: 'closed' }, 'parting')
    : undefined;
}

function seal(run: Run, rules: Rules): Run | undefined {
  return run.phase === 'recorded' && isOpen(run) && !rules.mayClose(run) && rules.maySeal(run)
    ? forget({ ...run, open: { ...run.open, sealAfter: 'now' } }, 'parting')
    : undefined;
}

function leave(run: Run, rules: Rules): Run | undefined {
  return run.phase === 'recorded' && !rules.mayClose(run) && !rules.maySeal(run)
    ? forget(run, 'parting')
    : undefined;
}

/** One write, on condition that the lease is still its own; without that it only ends. */
function end(state: ProtocolState, at: number): ProtocolState | undefined {
  const run = state.runs[at]!;
  if (run.phase !== 'parting') return undefined;
  return {
    ...withRun(state, at, forget(run, 'gone')),
    lease: state.lease === at ? undefined : state.lease,
  };
}

function collectsOrEnds(run: Run): boolean {
  return run.phase === 'leased' || run.phase === 'working' || run.phase === 'ending';
}
