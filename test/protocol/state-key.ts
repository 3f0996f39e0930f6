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

/** One short, flat text: a model asks for millions of them, and keeps hundreds of thousands. */
function keyBy(state: ProtocolState, { runs, passes, audits }: Pools, way: keyof Names): string {
  const { audit, lease = -1, copied, restoresLeft, mishapsLeft } = state;
  const copiedLease = copied === undefined ? -2 : (copied.lease ?? -1);
  codes.length = 0;
  codes.push(lease + 1, copiedLease + 2, restoresLeft, mishapsLeft);
  pushName(audits.names(audits.one(audit))[way]);
  for (const run of state.runs) pushName(runs.names(run)[way]);
  const [first, second, ...more] = state.sweeps.map((sweep) =>
    sweep === undefined ? noPass : passes.names(sweep)[way],
  );
  if (more.length > 0) throw new Error('a key has room for two sweeps');
  pushName(Math.min(first ?? noPass, second ?? noPass));
  pushName(Math.max(first ?? noPass, second ?? noPass));
  return String.fromCharCode(...codes);
}

const codes: number[] = [];
const noPass = 2 ** 31 - 1;

/** A name may be larger than what a character holds. */
function pushName(name: number): void {
  codes.push(name & 0xffff, name >>> 16);
}
