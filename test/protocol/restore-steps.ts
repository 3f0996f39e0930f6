import type { Step } from './explore.ts';
import type { ProtocolState, Run } from './protocol-state.ts';

/**
 * The table is copied at any moment, and put back to that copy at any later one: `META`, `OPEN` and `RUN#` together.
 *
 * The procedure removes `auditedAt`, so that the whole journal lies before the next audit. What an audit had written
 * of itself is not in the copy: putting a table back takes longer than a pass.
 */
export function restoreSteps(
  state: ProtocolState,
  { copied: withCopy, restored, withoutCopy }: Restored,
): readonly Step<ProtocolState>[] {
  if (state.restoresLeft === 0) return [];
  const { copied } = state;
  if (copied === undefined) {
    const runs = state.runs.map(withCopy);
    return [{ says: 'the table is copied', next: { ...state, runs, copied: { lease: state.lease } } }];
  }
  const restoresLeft = state.restoresLeft - 1;
  const next = {
    ...state,
    runs: state.runs.map(restored),
    lease: copied.lease,
    restoresLeft,
    audit: { ...state.audit, overtaken: state.audit.stage !== 'idle' },
  };
  const without = { ...next, copied: undefined, runs: next.runs.map(withoutCopy) };
  const says = 'the table is put back';
  if (restoresLeft === 0) return [{ says, next: without }];
  return [
    { says: `${says}, and the copy kept`, next },
    { says: `${says}, and another copy made later`, next: without },
  ];
}

/** What becomes of a run. */
export interface Restored {
  readonly copied: (run: Run) => Run;
  readonly restored: (run: Run) => Run;
  readonly withoutCopy: (run: Run) => Run;
}

export const restoring: Restored = {
  copied: (run) => ({ ...run, copy: run.table }),
  restored: (run) => ({
    ...run,
    table: run.copy!,
    auditOwed: run.phase !== 'waiting',
    overtaken: run.phase === 'parting',
  }),
  withoutCopy: (run) => ({ ...run, copy: undefined }),
};
