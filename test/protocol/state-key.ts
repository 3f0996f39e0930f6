import type { Configuration } from './configuration.ts';
import type { Pools } from './local-steps.ts';
import type { Names } from './pool.ts';
import type { ProtocolState } from './protocol-state.ts';

/**
 * Equal for states that differ only in which sweep, or which of two destinations, is called the first: they are
 * alike, so what can follow from one can follow from the other. A poison batch makes its destination another one.
 */
export function stateKey(state: ProtocolState, pools: Pools, { destinations, tries }: Configuration): string {
  const key = keyBy(state, pools, 'asIs');
  if (destinations !== 2 || tries !== undefined) return key;
  const other = keyBy(state, pools, 'mirrored');
  return key < other ? key : other;
}

function keyBy(state: ProtocolState, { runs, passes }: Pools, way: keyof Names): string {
  const { audit, lease, copied, restoresLeft, mishapsLeft } = state;
  let key = `${lease} ${restoresLeft} ${mishapsLeft}`;
  if (copied !== undefined) key += ` copied ${copied.lease}`;
  if (audit.stage !== 'idle') key += ` ${JSON.stringify(audit)}`;
  for (const run of state.runs) key += ` ${runs.names(run)[way]}`;
  const sweeps = state.sweeps.map((sweep) => (sweep === undefined ? -1 : passes.names(sweep)[way]));
  return `${key}/${sweeps.sort().join(' ')}`;
}
