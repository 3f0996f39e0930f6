import { auditSteps } from './audit-steps.ts';
import { type Configuration, initialState } from './configuration.ts';
import type { Model, Step } from './explore.ts';
import { allDelivered, brokenInvariants, disabledByOpen, oneRunAtATime } from './invariants.ts';
import { leaseSteps } from './lease-steps.ts';
import { localSteps } from './local-steps.ts';
import { remember } from './pool.ts';
import type { ProtocolState, Run } from './protocol-state.ts';
import { type Restored, restoreSteps, restoring } from './restore-steps.ts';
import { type Rules, rulesOfTheDesign } from './rules.ts';
import { stateKey } from './state-key.ts';

export const l1 = 'L1: all-delivered stays reachable';
export const l2 = 'L2: no open record disables collecting';
export const oneRun = 'lease: no run begins while another lives, in a table that was never put back';

/** The collector's protocol in a configuration, by the design's rules or by others. */
export function protocolModel(
  configuration: Configuration,
  rules: Rules = rulesOfTheDesign,
): Model<ProtocolState> {
  const means = { rules, configuration };
  const { pools, ofRuns, ofSweeps } = localSteps(means);
  const pooled = (state: ProtocolState) => ({
    ...state,
    runs: state.runs.map(pools.runs.one),
    audit: pools.audits.one(state.audit),
  });
  const once = (change: (run: Run) => Run) => remember((run: Run) => pools.runs.one(change(run)));
  const restored: Restored = {
    copied: once(restoring.copied),
    restored: once(restoring.restored),
    withoutCopy: once(restoring.withoutCopy),
  };
  const brokenByRun = remember(brokenInvariants);
  const global = (state: ProtocolState): Step<ProtocolState>[] =>
    [
      ...state.runs.flatMap((_, at) => leaseSteps(state, at, means)),
      ...restoreSteps(state, restored),
      ...auditSteps(state, rules),
    ].map(({ says, next }) => ({ says, next: pooled(next) }));
  return {
    initial: pooled(initialState(configuration)),
    steps: (state) => [...ofRuns(state), ...ofSweeps(state), ...global(state)],
    key: (state) => stateKey(state, pools, configuration),
    broken: (state) => [
      ...state.runs.flatMap(brokenByRun),
      ...(disabledByOpen(state, rules) ? [l2] : []),
      ...(oneRunAtATime(state, means) ? [] : [oneRun]),
    ],
    stays: { name: l1, reachable: allDelivered },
  };
}
