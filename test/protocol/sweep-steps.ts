import type { Step } from './explore.ts';
import type { ProtocolState, Sweep } from './protocol-state.ts';
import type { Rules } from './rules.ts';
import { isOpen, settle, withRun, writeProgress } from './state-changes.ts';

/**
 * The steps of "Sweep" in the design. A crash, a throttled delivery and the end of the time are one step, since a
 * sweep remembers nothing.
 */
export function sweepSteps(state: ProtocolState, at: number, rules: Rules): readonly Step<ProtocolState>[] {
  const sweep = state.sweeps[at];
  const name = `sweep ${at + 1}`;
  if (sweep === undefined) {
    return state.runs.flatMap((_, run) => {
      const next = takeOpen(state, { at, run }, rules);
      return next === undefined ? [] : [{ says: `${name} takes the OPEN of run ${run + 1}`, next }];
    });
  }
  const steps: Step<ProtocolState>[] = [];
  const may = (says: string, next: ProtocolState | undefined) => {
    if (next !== undefined) steps.push({ says: `${name} ${says}`, next });
  };
  sweep.got.forEach((_, destination) => {
    const place = `at destination ${destination + 1}`;
    may(`has its next batch accepted ${place}`, deliverNext(state, { at, sweep, destination }));
    may(`records its progress ${place}`, recordProgress(state, { sweep, destination }, rules));
  });
  may('writes RUN# unless it is there', writeRunRecord(state, { at, sweep }, rules));
  may('deletes OPEN', close(state, { at, sweep }, rules));
  may('stops', withSweep(state, at, undefined));
  return steps;
}

type Pass = Exclude<Sweep, undefined>;

/** The item and the list of the journal are read at once: under a sealed `OPEN` no object appears any more. */
function takeOpen(
  state: ProtocolState,
  { at, run }: { readonly at: number; readonly run: number },
  rules: Rules,
): ProtocolState | undefined {
  const owner = state.runs[run]!;
  if (!isOpen(owner) || !rules.sealed(owner, owner.open)) return undefined;
  const last = owner.journal.at(-1)?.number ?? 0;
  return withSweep(state, at, { run, last, got: rules.sweepFrom(owner.open), recorded: false });
}

function deliverNext(
  state: ProtocolState,
  pass: { readonly at: number; readonly sweep: Pass; readonly destination: number },
): ProtocolState | undefined {
  const { sweep, destination } = pass;
  const number = sweep.got[destination]! + 1;
  const owner = state.runs[sweep.run]!;
  const object = owner.journal.find((candidate) => candidate.number === number);
  if (number > sweep.last || object === undefined) return undefined;
  const delivered = withRun(state, sweep.run, settle(owner, object.answer, destination));
  return withSweep(delivered, pass.at, { ...sweep, got: sweep.got.with(destination, number) });
}

function recordProgress(
  state: ProtocolState,
  { sweep, destination }: { readonly sweep: Pass; readonly destination: number },
  rules: Rules,
): ProtocolState | undefined {
  const progress = { destination, number: sweep.got[destination]! };
  const owner = writeProgress(state.runs[sweep.run]!, progress, rules);
  return owner === undefined ? undefined : withRun(state, sweep.run, owner);
}

function writeRunRecord(
  state: ProtocolState,
  { at, sweep }: { readonly at: number; readonly sweep: Pass },
  rules: Rules,
): ProtocolState | undefined {
  if (sweep.recorded || !rules.sweepMayClose(sweep.got, sweep.last)) return undefined;
  const owner = { ...state.runs[sweep.run]!, recorded: true };
  return withSweep(withRun(state, sweep.run, owner), at, { ...sweep, recorded: true });
}

function close(
  state: ProtocolState,
  { at, sweep }: { readonly at: number; readonly sweep: Pass },
  rules: Rules,
): ProtocolState | undefined {
  const inTime = sweep.recorded || (!rules.recordsRunFirst && rules.sweepMayClose(sweep.got, sweep.last));
  if (!inTime) return undefined;
  const owner = { ...state.runs[sweep.run]!, open: 'closed' as const };
  return withSweep(withRun(state, sweep.run, owner), at, undefined);
}

function withSweep(state: ProtocolState, at: number, sweep: Sweep): ProtocolState {
  return { ...state, sweeps: state.sweeps.with(at, sweep) };
}
