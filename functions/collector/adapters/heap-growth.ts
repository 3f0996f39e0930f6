import { setFlagsFromString } from 'node:v8';

/**
 * Lets V8's heap grow to three times what a collection leaves, before it collects again.
 *
 * V8 counts the answers' bytes, which lie outside of its heap, as if they were in it, and after an idle while grows
 * slowly: it then collected every two or three batches, each time for the sake of 12 MB that stay. That was a third
 * of a run's CPU. A flag that V8 does not know is ignored.
 *
 * @see ../../../docs/decisions/0011-aws-clients-and-memory-on-the-hot-path.md
 */
export function growHeapInLargeSteps(): void {
  setFlagsFromString('--heap-growing-percent=200');
}
