import type { CheckedPart } from './problems.ts';
import type { Stage } from './settings.ts';
import type { Stream } from './stream-settings.ts';

/** A stage's caps as they are written; absent for the default. */
export type AnswerCaps = Pick<Stage, 'wireCapMiB' | 'decompressedCapMiB'>;

/** The cap that a collector gets. Without a written one it is 64 MiB, or less where the memory does not allow that. */
export function answerCapMiB(written: number | undefined, { memory }: Pick<Stream, 'memory'>): number {
  return written ?? Math.min(defaultCapMiB, largestAnswerMiB(memory));
}

/** Refuses caps that a collector's memory cannot hold: such an answer would end the process, and is then lost. */
export function answerCapProblems(
  caps: Partial<AnswerCaps>,
  streams: readonly Partial<Pick<Stream, 'memory'>>[],
  { path, problems }: CheckedPart,
): void {
  for (const name of ['wireCapMiB', 'decompressedCapMiB'] as const) {
    const written = caps[name];
    if (written === undefined) continue;
    for (const [index, { memory }] of streams.entries()) {
      if (memory === undefined || written <= largestAnswerMiB(memory)) continue;
      problems.add(
        `${path}.${name}`,
        `${written} takes up to ${memoryFor(written)} MB of memory, and streams[${index}] has ${memory}; ` +
          `give ${largestAnswerMiB(memory)} or less, or streams[${index}].memory: ${memoryFor(written)}`,
      );
    }
  }
}

const defaultCapMiB = 64;

/**
 * Measured in the local run, of events that do not compress and to one destination: an answer of 33 MiB took 215 of
 * 256 MB, and one of 64 MiB took 311 of 512; two of 29 MiB to three destinations took 245 of 256. A run
 * holds large answers up to the cap in all, and so does a sweep.
 */
const memoryPerAnswer = 4;
const memoryBesideMb = 128;

function largestAnswerMiB(memoryMb: number): number {
  return Math.floor((memoryMb - memoryBesideMb) / memoryPerAnswer);
}

/** MB of memory that a collector needs for caps of this size. */
export function memoryFor(answerMiB: number): number {
  return memoryBesideMb + memoryPerAnswer * answerMiB;
}
