import type { CheckedPart } from './problems.ts';
import type { Stage } from './settings.ts';

/** A stage's caps as they are written; absent for the default. */
export type AnswerCaps = Pick<Stage, 'wireCapMiB' | 'decompressedCapMiB'>;

/** What a collector's memory for answers depends on. */
interface Holder {
  readonly memory: number;
  readonly destinations?: readonly { readonly view?: string; readonly shape?: object }[];
}

/** The cap that a collector gets. Without a written one it is 64 MiB, or less where the memory does not allow that. */
export function answerCapMiB(written: number | undefined, stream: Holder): number {
  return written ?? Math.min(defaultCapMiB, largestAnswerMiB(stream));
}

/** Refuses caps that a collector's memory cannot hold: such an answer would end the process, and is then lost. */
export function answerCapProblems(
  caps: Partial<AnswerCaps>,
  streams: readonly Partial<Holder>[],
  { path, problems }: CheckedPart,
): void {
  for (const name of ['wireCapMiB', 'decompressedCapMiB'] as const) {
    const written = caps[name];
    if (written === undefined) continue;
    for (const [index, { memory, destinations }] of streams.entries()) {
      if (memory === undefined) continue;
      const largest = largestAnswerMiB({ memory, destinations });
      if (written <= largest) continue;
      const needed = memoryFor(written, { destinations });
      problems.add(
        `${path}.${name}`,
        `${written} takes up to ${needed} MB of memory, and streams[${index}] has ${memory}; ` +
          `give ${largest} or less, or streams[${index}].memory: ${needed}`,
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
/**
 * A view lies in memory beside the answer, and may be twice as long, and so may its lines, which take the place of lines
 * as long as the answer: three times the answer in all. Without a view an answer took 2.9 times its size. Large answers
 * go to one destination after the other, so the views of several do not add up; where members lie takes 2.6 MB at most.
 */
const memoryPerSeenAnswer = 6;
/** A shaped line has its event up to three times, twice of these as a string in which every byte may be escaped. */
const memoryPerShapedAnswer = 10;
const memoryBesideMb = 128;

function largestAnswerMiB({ memory, destinations }: Holder): number {
  return Math.floor((memory - memoryBesideMb) / timesAnswer({ destinations }));
}

/** MB of memory that a collector needs for caps of this size. */
export function memoryFor(answerMiB: number, stream: Pick<Holder, 'destinations'>): number {
  return memoryBesideMb + timesAnswer(stream) * answerMiB;
}

function timesAnswer({ destinations = [] }: Pick<Holder, 'destinations'>): number {
  if (destinations.some(({ shape }) => shape !== undefined)) return memoryPerShapedAnswer;
  return destinations.some(({ view }) => view !== undefined) ? memoryPerSeenAnswer : memoryPerAnswer;
}
