import type { Step } from './explore.ts';
import type { Means } from './means.ts';
import { mirroredPass, mirroredRun } from './mirror.ts';
import type { SweepStep } from './pass.ts';
import { Pool, remember } from './pool.ts';
import type { Audit, Pass, ProtocolState, Run } from './protocol-state.ts';
import { runSteps } from './run-steps.ts';
import { sweepSteps, takeOpen } from './sweep-steps.ts';
import { worldSteps } from './world-steps.ts';

/**
 * The steps that depend on one run alone, or on one pass and its run. These recur in thousands of states, so what can
 * follow is worked out once for each.
 */
export function localSteps(means: Means) {
  const pools: Pools = {
    runs: new Pool(mirroredRun),
    passes: new Pool(mirroredPass),
    audits: new Pool((audit) => audit),
  };
  const numbers = Array.from({ length: means.configuration.runs }, (_, at) => at);
  const ofRun = numbers.map((at) =>
    remember((run: Run) =>
      [...runSteps(run, means), ...worldSteps(run, means)].map(({ says, next }) => ({
        says: `run ${at + 1} ${says}`,
        next: pools.runs.one(next),
      })),
    ),
  );
  const pooled = (step: SweepStep): SweepStep => ({
    ...step,
    run: pools.runs.one(step.run),
    sweep: step.sweep && pools.passes.one(step.sweep),
  });
  const taking = numbers.map((at) => remember((run: Run) => takeOpen(run, at, means).map(pooled)));
  const ofPass = remember((run: Run) => remember((pass: Pass) => sweepSteps(pass, run, means).map(pooled)));

  return {
    pools,
    ofRuns: (state: ProtocolState): readonly Step<ProtocolState>[] =>
      state.runs.flatMap((run, at) =>
        ofRun[at]!(run).map(({ says, next }) => ({
          says,
          next: { ...state, runs: state.runs.with(at, next) },
        })),
      ),
    ofSweeps: (state: ProtocolState): readonly Step<ProtocolState>[] =>
      state.sweeps.flatMap((sweep, at) => {
        const isFirstIdle = sweep === undefined && state.sweeps.indexOf(undefined) === at;
        if (isFirstIdle) {
          return state.runs.flatMap((run, number) =>
            taking[number]!(run).map((step) => applied(state, { at, number }, step)),
          );
        }
        if (sweep === undefined) return [];
        return ofPass(state.runs[sweep.run]!)(sweep)
          .filter(({ mishap }) => mishap === undefined || state.mishapsLeft > 0)
          .map((step) => applied(state, { at, number: sweep.run }, step));
      }),
  };
}

export interface Pools {
  readonly runs: Pool<Run>;
  readonly passes: Pool<Pass>;
  readonly audits: Pool<Audit>;
}

function applied(
  state: ProtocolState,
  { at, number }: { readonly at: number; readonly number: number },
  { says, run, sweep, mishap }: SweepStep,
): Step<ProtocolState> {
  return {
    says: `sweep ${at + 1} ${says}`,
    next: {
      ...state,
      runs: state.runs.with(number, run),
      sweeps: state.sweeps.with(at, sweep),
      mishapsLeft: mishap ? state.mishapsLeft - 1 : state.mishapsLeft,
    },
  };
}
