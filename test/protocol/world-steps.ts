import type { Step } from './explore.ts';
import type { ProtocolState, Run } from './protocol-state.ts';
import { alive, forget, isOpen, land, withRun } from './state-changes.ts';

/** What happens to a run from outside: PUTs land, whether its process lives or not, and time passes. */
export function worldSteps(state: ProtocolState, at: number): readonly Step<ProtocolState>[] {
  const run = state.runs[at]!;
  const steps = run.underWay.map((put) => ({
    says: `S3 has object ${put.number} of run ${at + 1}`,
    next: withRun(state, at, land(run, put)),
  }));
  if (leaseMatters(state, at)) {
    steps.push({ says: `the lease of run ${at + 1} expires`, next: withRun(state, at, expireLease(run)) });
  }
  if (sealMatters(run)) {
    steps.push({ says: `sealAfter of run ${at + 1} passes`, next: withRun(state, at, passSeal(run)) });
  }
  return steps;
}

/** Lambda kills a run before its lease expires. */
function expireLease(run: Run): Run {
  return { ...forget(run, 'gone'), age: 'lease-expired' };
}

/** Five minutes after the run was killed at the latest, each PUT has landed or never will. */
function passSeal(run: Run): Run {
  return { ...forget(run, 'gone'), age: 'seal-passed', underWay: [] };
}

function leaseMatters(state: ProtocolState, at: number): boolean {
  return state.lease === at && state.runs[at]!.age === 'young' && state.runs.at(-1)!.phase === 'waiting';
}

function sealMatters(run: Run): boolean {
  return run.age !== 'seal-passed' && (alive(run) || isOpen(run) || run.underWay.length > 0);
}
