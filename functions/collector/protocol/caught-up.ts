import type { EventTimes } from './ports/answers.ts';

/**
 * Tells whether what a source still answers is the present: events that were raised while the run was at work, which
 * are the next tick's. Without it a steady stream is hardly ever drained, and is collected a few events a call.
 *
 * Caught up means three answers in a row of less than half of what was asked, none of whose events was raised before
 * the run began, by the events' own timestamps. Where timestamps cannot tell, since they cannot be read or events are
 * published late, it means five answers in a row of less than a tenth, with pauses between them, whose newest event is
 * not older than two intervals. An empty answer counts as one of no events, but not as the first: empty answers alone
 * are for the setting that says how many of them mean drained.
 */
export interface CaughtUp {
  /** @returns true when the run has caught up, or how long to wait before the next collect, in ms */
  answered(answer: SeenAnswer): true | number;
  /** Begins anew, as after a pause in which a run waits for new events. */
  reset(): void;
}

export interface SeenAnswer {
  readonly asked: number;
  readonly events: number;
  readonly times: EventTimes;
  readonly now: number;
}

export function createCaughtUp({
  startedAt,
  intervalMs,
}: {
  readonly startedAt: number;
  /** From one collect tick to the next. */
  readonly intervalMs: number;
}): CaughtUp {
  let fresh = 0;
  let few = 0;
  return {
    answered({ asked, events, times, now }) {
      const { oldest = now, newest = now, unreadable } = times;
      const isFresh = events < asked / 2 && unreadable === 0 && oldest >= startedAt - skewMs;
      fresh = isFresh ? oneMore(fresh, events) : 0;
      const areFew = events < asked / 10 && newest >= now - 2 * intervalMs;
      few = areFew ? oneMore(few, events) : 0;
      if (fresh >= freshToStop || few >= fewToStop) return true;
      // While timestamps tell, the next answer tells more than a pause would.
      return isFresh || !areFew ? 0 : Math.min(longestPauseMs, 1_000 * 2 ** (few - 1));
    },
    reset() {
      fresh = 0;
      few = 0;
    },
  };
}

function oneMore(inARow: number, events: number): number {
  return inARow === 0 && events === 0 ? 0 : inARow + 1;
}

/** Clocks of those who raise events may differ from ours by so much. */
const skewMs = 60_000;
const freshToStop = 3;
const fewToStop = 5;
/** A stream of 20 events a second, which is watched this way too, brings less than a tenth of 1,000 in this time. */
const longestPauseMs = 4_000;
