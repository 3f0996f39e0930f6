import type { Means } from './means.ts';
import type { OpenItem, ProtocolState, Run } from './protocol-state.ts';
import type { Rules } from './rules.ts';
import { alive, openOf, withOpen } from './state-changes.ts';

/**
 * What the protocol keeps in every state, each under the name that the design gives it, and a few that it says in
 * words. I5 is the same list, explored without the lease. L1 and L2 look at more than one state.
 */
export const invariants: Readonly<Record<string, (run: Run) => boolean>> = {
  'I1: every journal object is settled, found by an OPEN with done below its number or by the audit, or told as lost':
    (run) => run.everJournaled.every((answer) => everywhere(run, answer, isFound)),

  'I2: no collect while a PUT is unacknowledged': (run) => run.answers - run.acknowledged <= 1,

  'I3: done = n means that 1..n are settled or told as lost': (run) =>
    openOf(run)?.done.every((done, destination) => countsWhatIsSettled(run, destination, done)) ?? true,

  'I4: closed means sealed, complete, and told by a RUN# that says so': (run) =>
    run.table.open !== 'closed' || run.table.record === 'complete',

  'I4: complete in RUN# means that nothing more comes, and all is settled or told as lost': (run) =>
    run.table.record !== 'complete' ||
    (run.underWay.length === 0 &&
      pastCollecting(run) &&
      run.everJournaled.every((answer) => isOver(run, answer))),

  'one batch: what a run consumed and has not in the journal is one batch at most': (run) =>
    run.consumed - run.everJournaled.length <= 1,

  'no wait: what a run that ends leaves is found without an audit, unless the table is put back after': (
    run,
  ) =>
    run.phase !== 'parting' ||
    run.overtaken ||
    openOf(run) !== undefined ||
    run.everJournaled.every((answer) => isOver(run, answer)),

  'late: OPEN counts the late events of the batches 1..done, and of no batch twice': (run) =>
    openOf(run)?.late.every((late, destination) => countsEachOnce(run, destination, late)) ?? true,

  'blame: only a batch whose attempts crash goes to quarantine for crashes': (run) =>
    run.crashed.every(({ poison }) => poison),
};

/** The names of those that a run breaks. */
export function brokenInvariants(run: Run): readonly string[] {
  return Object.keys(invariants).filter((name) => !invariants[name]!(run));
}

/** L2: might a run begin if there were no `OPEN` items? */
export function disabledByOpen(state: ProtocolState, rules: Rules): boolean {
  if (state.runs.at(-1)!.phase !== 'waiting' || rules.mayStart(state, rules)) return false;
  const runs = state.runs.map((run) => (openOf(run) === undefined ? run : withOpen(run, 'closed')));
  return rules.mayStart({ ...state, runs }, rules);
}

export function oneRunAtATime(
  { runs, restoresLeft }: ProtocolState,
  { rules, configuration }: Means,
): boolean {
  const neverPutBack = restoresLeft === (configuration.restores ?? 0);
  return !rules.leases || !neverPutBack || runs.filter(alive).length <= 1;
}

/** L1's goal: nothing runs, nothing is open, and every destination has all that the journal has. */
export function allDelivered(state: ProtocolState): boolean {
  return state.runs.every(
    (run) =>
      !alive(run) &&
      openOf(run) === undefined &&
      run.underWay.length === 0 &&
      run.everJournaled.every((answer) => isOver(run, answer)),
  );
}

interface Owed {
  readonly run: Run;
  readonly answer: number;
  readonly destination: number;
}

function everywhere(run: Run, answer: number, holds: (at: Owed) => boolean): boolean {
  return run.settled[answer - 1]!.every((_, destination) => holds({ run, answer, destination }));
}

function isOver(run: Run, answer: number): boolean {
  return run.told.includes(answer) || run.settled[answer - 1]!.every((has) => has);
}

function isFound({ run, answer, destination }: Owed): boolean {
  if (hasIt({ run, answer, destination })) return true;
  const open = openOf(run);
  const object = [...run.journal, ...run.expired].find((candidate) => candidate.answer === answer);
  if (object === undefined) return false;
  if (open === undefined) {
    return run.auditOwed && run.table.record !== 'complete' && run.journal.includes(object);
  }
  return open.done[destination]! < object.number && isKnown(run, open, object.number);
}

/** It is in the journal, or who lists that will see that its number is missing. */
function isKnown({ journal }: Run, { lastNumber }: OpenItem, number: number): boolean {
  return number <= Math.max(lastNumber, journal.at(-1)?.number ?? 0);
}

function hasIt({ run, answer, destination }: Owed): boolean {
  return run.told.includes(answer) || run.settled[answer - 1]![destination]!;
}

function countsWhatIsSettled(run: Run, destination: number, done: number): boolean {
  return [...run.journal, ...run.expired].every(
    ({ number, answer }) => number > done || hasIt({ run, answer, destination }),
  );
}

/** Each batch counts as one late event. */
function countsEachOnce(run: Run, destination: number, late: number): boolean {
  const has = run.everJournaled.filter((answer) => hasIt({ run, answer, destination })).length;
  return late >= openOf(run)!.done[destination]! && late <= has;
}

function pastCollecting({ phase }: Run): boolean {
  return phase === 'recorded' || phase === 'parting' || phase === 'gone';
}
