import { openItem } from './configuration.ts';
import type { Step } from './explore.ts';
import type { Means } from './means.ts';
import { remember } from './pool.ts';
import type { ProtocolState, Run } from './protocol-state.ts';
import { forget, openOf, withOpen, withRun } from './state-changes.ts';
import { passLimits } from './world-steps.ts';

/** The steps of a run that touch more than the run: its lease, its first `OPEN` and its end. */
export function leaseSteps(state: ProtocolState, at: number, means: Means): readonly Step<ProtocolState>[] {
  const steps: Step<ProtocolState>[] = [];
  const may = (says: string, next: ProtocolState | undefined) => {
    if (next !== undefined) steps.push({ says: `run ${at + 1} ${says}`, next });
  };
  may('takes the lease', takeLease(state, at, means));
  may('writes OPEN', writeOpen(state, at, means));
  may('writes its end and frees the lease', end(state, at));
  may('has its limits passed', passLease(state, at));
  return steps;
}

/** A run that is not granted the lease ends as `OverlapSkipped` and has done nothing, so it is still waiting. */
function takeLease(state: ProtocolState, at: number, { rules }: Means): ProtocolState | undefined {
  if (!isNext(state, at) || !rules.mayStart(state, rules)) return undefined;
  return { ...withRun(state, at, leased(state.runs[at]!)), lease: rules.leases ? at : undefined };
}

/** Runs are alike, so they may as well begin in the order of their numbers. */
function isNext({ runs }: ProtocolState, at: number): boolean {
  return runs[at]!.phase === 'waiting' && (at === 0 || runs[at - 1]!.phase !== 'waiting');
}

function writeOpen(state: ProtocolState, at: number, { rules }: Means): ProtocolState | undefined {
  const run = state.runs[at]!;
  if (run.phase !== 'leased') return undefined;
  const open = openItem({ done: run.got.map(() => 0), sealAfter: 'first', lastNumber: 0 });
  const others = rules.openItemPerRun
    ? state
    : {
        ...state,
        runs: state.runs.map((other) => (openOf(other) === undefined ? other : withOpen(other, 'never'))),
      };
  return withRun(others, at, { ...withOpen(run, open), phase: 'working' });
}

/** One write, on condition that the lease is still its own; without that it only ends. */
function end(state: ProtocolState, at: number): ProtocolState | undefined {
  const run = state.runs[at]!;
  if (run.phase !== 'parting') return undefined;
  return {
    ...withRun(state, at, ended(run)),
    lease: state.lease === at ? undefined : state.lease,
  };
}

/** It matters only while another run waits for the lease. */
function passLease(state: ProtocolState, at: number): ProtocolState | undefined {
  const run = state.runs[at]!;
  const holds = state.lease === at && run.age !== 'lease-expired' && run.age !== 'seal-passed';
  return holds && state.runs.at(-1)!.phase === 'waiting' ? withRun(state, at, limitsPassed(run)) : undefined;
}

const leased = remember((run: Run): Run => ({ ...run, phase: 'leased' }));
const ended = remember((run: Run) => forget(run, 'gone'));
const limitsPassed = remember(passLimits);
