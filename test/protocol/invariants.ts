import type { ProtocolState, Run } from './protocol-state.ts';
import { alive, isOpen } from './state-changes.ts';

/**
 * What the protocol keeps in every state, each under the name that the design gives it, and a few that it says in
 * words. I5 is the same list, explored without the lease. L1 and L2 look at more than one state.
 */
export const invariants: Readonly<Record<string, (run: Run) => boolean>> = {
  'I1: every journal object is settled, or found by an OPEN with done below its number': (run) =>
    run.everJournaled.every((answer) => everywhere(run, answer) || found(run, answer)),

  'I2: no collect while a PUT is unacknowledged': (run) => run.answers - run.acknowledged <= 1,

  'I3: done = n means that 1..n are settled': (run) =>
    !isOpen(run) ||
    run.open.done.every((done, destination) =>
      run.journal.every(({ number, answer }) => number > done || run.settled[answer - 1]![destination]!),
    ),

  'I4: closed means sealed and complete': (run) =>
    run.open !== 'closed' ||
    (run.underWay.length === 0 &&
      (run.phase === 'parting' || run.phase === 'gone') &&
      run.everJournaled.every((answer) => everywhere(run, answer))),

  'RUN# is written before OPEN goes': (run) => run.open !== 'closed' || run.recorded,

  'one batch: what a run consumed and has not in the journal is one batch at most': (run) =>
    run.consumed - run.everJournaled.length <= 1,
};

/** The names of those that some run breaks. */
export function brokenInvariants(state: ProtocolState): readonly string[] {
  return Object.keys(invariants).filter((name) => !state.runs.every(invariants[name]!));
}

/** L1's goal: nothing runs, nothing is open, and every destination has all that the journal has. */
export function allDelivered(state: ProtocolState): boolean {
  return state.runs.every(
    (run) =>
      !alive(run) &&
      !isOpen(run) &&
      run.underWay.length === 0 &&
      run.everJournaled.every((answer) => everywhere(run, answer)),
  );
}

/** The state as it would be if no `OPEN` but this run's existed, for L2. */
export function withoutOtherOpens(state: ProtocolState, at: number): ProtocolState {
  const runs = state.runs.map((run, other) =>
    other !== at && isOpen(run) ? { ...run, open: 'closed' as const } : run,
  );
  return { ...state, runs };
}

function everywhere(run: Run, answer: number): boolean {
  return run.settled[answer - 1]!.every((has) => has);
}

function found(run: Run, answer: number): boolean {
  const object = run.journal.find((candidate) => candidate.answer === answer);
  if (!isOpen(run) || object === undefined) return false;
  const { done } = run.open;
  return run.settled[answer - 1]!.every((has, destination) => has || done[destination]! < object.number);
}
