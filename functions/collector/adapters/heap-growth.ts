import { setFlagsFromString } from 'node:v8';

/**
 * Sets how V8's heap grows, for a process whose bytes lie outside of it and are used again.
 *
 * The heap may grow to three times what a collection leaves, before V8 collects again: V8 counts the answers' bytes as
 * if they were in it, and after an idle while grows slowly. It then collected every two or three batches, each time for
 * the sake of 12 MB that stay, which was a third of a run's CPU.
 *
 * The nursery stays as it is when the code is loaded, at 8 MB. It would double whenever enough of it survives, over a
 * day to 64 MB under Lambda's own limit, and never shrink while runs follow each other; hardly anything in it lives on.
 *
 * A flag that V8 does not know is ignored.
 *
 * @see ../../../docs/decisions/0011-aws-clients-and-memory-on-the-hot-path.md
 */
export function setHeapGrowth(): void {
  setFlagsFromString('--heap-growing-percent=200');
  setFlagsFromString('--semi-space-growth-factor=1');
}
