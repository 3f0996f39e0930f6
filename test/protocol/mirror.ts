import type { Items, Pass, Run } from './protocol-state.ts';

/** A run as it would be if its destinations had been called by each other's names. */
export function mirroredRun(run: Run): Run {
  return {
    ...run,
    got: run.got.toReversed(),
    settled: run.settled.map((places) => places.toReversed()),
    table: mirroredItems(run.table),
    copy: run.copy && mirroredItems(run.copy),
  };
}

export function mirroredPass(pass: Pass): Pass {
  return { ...pass, got: pass.got.toReversed() };
}

function mirroredItems({ open, record }: Items): Items {
  if (typeof open !== 'object') return { open, record };
  return { open: { ...open, done: open.done.toReversed(), late: open.late.toReversed() }, record };
}
