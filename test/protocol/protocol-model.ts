import type { Model } from './explore.ts';
import { allDelivered, brokenInvariants, withoutOtherOpens } from './invariants.ts';
import { initialState, type ProtocolState, type Size } from './protocol-state.ts';
import { type Rules, rulesOfTheDesign } from './rules.ts';
import { runSteps } from './run-steps.ts';
import { isOpen } from './state-changes.ts';
import { stateKey } from './state-key.ts';
import { sweepSteps } from './sweep-steps.ts';
import { worldSteps } from './world-steps.ts';

export const l1 = 'L1: all-delivered stays reachable';
export const l2 = 'L2: no open record disables collecting';

/** The collector's protocol at a size, by the design's rules or by others. */
export function protocolModel(size: Size, rules: Rules = rulesOfTheDesign): Model<ProtocolState> {
  const stepsOfRun = (state: ProtocolState, at: number) => runSteps(state, at, { rules, size });
  return {
    initial: initialState(size),
    steps: (state) => [
      ...state.runs.flatMap((_, at) => [...stepsOfRun(state, at), ...worldSteps(state, at)]),
      ...state.sweeps.flatMap((_, at) => sweepSteps(state, at, rules)),
    ],
    key: stateKey,
    broken: (state) => [...brokenInvariants(state), ...(disabledByOpen(state, stepsOfRun) ? [l2] : [])],
    stays: { name: l1, reachable: allDelivered },
  };
}

/** Is there a run that could do more if the `OPEN` items of the others were not there? */
function disabledByOpen(
  state: ProtocolState,
  stepsOfRun: (state: ProtocolState, at: number) => readonly unknown[],
): boolean {
  return state.runs.some(
    (_, at) =>
      state.runs.some((other, index) => index !== at && isOpen(other)) &&
      stepsOfRun(state, at).length < stepsOfRun(withoutOtherOpens(state, at), at).length,
  );
}
