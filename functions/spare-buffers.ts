/**
 * Large buffers that are used again: a fresh one each time would be several MB a batch of memory outside of V8's
 * heap, which makes V8 collect garbage every few batches, at a third of a run's CPU.
 *
 * What a buffer holds is kept only until it is given back, so a caller gives a buffer back only when nothing reads it
 * any more; one that is not given back is simply collected.
 */
export function takeBuffer(bytes: number): Buffer {
  const index = spares.findIndex(({ length }) => length >= bytes);
  if (index >= 0) return spares.splice(index, 1)[0]!;
  return Buffer.allocUnsafeSlow(Math.ceil((bytes * 1.125) / roundTo) * roundTo);
}

/** @param buffer as it was taken, not a part of it */
export function giveBack(buffer: Buffer): void {
  if (buffer.length > largestKept) return;
  spares.push(buffer);
  spares.sort((a, b) => a.length - b.length);
  // The smallest goes, since the others can stand in for it.
  if (spares.length > mostKept) spares.shift();
}

/** Smallest first, so that the first that is long enough is the one that fits best. */
const spares: Buffer[] = [];

/** Batches differ a little in size; so that one buffer serves them all. */
const roundTo = 256 * 1024;
/** Answers of 3 MB need less; what is larger is rare, and too much to hold between runs. */
const largestKept = 8 * 1024 * 1024;
/**
 * One destination uses four at once, the answer that arrives and answer, lines and body of the one before; two more are
 * for its being behind.
 */
const mostKept = 6;
