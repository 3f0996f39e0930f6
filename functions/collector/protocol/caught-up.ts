import type { EventTimes } from './ports/answers.ts';

/**
 * Tells whether what a source still answers is the present: events that were raised while the run was at work, which
 * are the next tick's. Without it a steady stream is hardly ever drained, and is collected a few events a call.
 *
 * Caught up means three answers in a row of less than half of what was asked, whose events were all raised since the
 * run began, by the events' own timestamps. An empty answer counts as one of them, but not as the first: empty answers
 * alone are for the setting that says how many of them mean drained.
 *
 * Timestamps cannot tell where they cannot be read, or events are published late. There the run compares what a pause
 * brings with what the next ask brings at once. The present brings more in a pause; a backlog that is answered in small
 * pieces brings as much without one. Four pauses in a row that each bring at least three times as much mean caught up.
 * Events that are mostly old, by their timestamps, are a backlog all the same.
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
  /** How long the answer took. */
  readonly tookMs: number;
}

export function createCaughtUp({
  startedAt,
  intervalMs,
}: {
  readonly startedAt: number;
  /** From one collect tick to the next. */
  readonly intervalMs: number;
}): CaughtUp {
  const oldMs = Math.min(Math.max(2 * intervalMs, leastOldMs), mostOldMs);
  const pauses = createPauses();
  let fresh = 0;
  return {
    answered({ asked, events, times, now, tookMs }) {
      if (events === 0) {
        fresh = fresh === 0 ? 0 : fresh + 1;
        return fresh >= freshToStop ? true : 0;
      }
      const { oldest = now, median = now, newest = now, unreadable } = times;
      const areFew = events < asked / 2;
      const isFresh = areFew && unreadable === 0 && oldest >= startedAt - skewMs && newest <= now + skewMs;
      fresh = isFresh ? fresh + 1 : 0;
      if (fresh >= freshToStop) return true;
      const isSmall = pauses.compare(events, { isFull: events >= asked, isOld: median < now - oldMs });
      if (!isSmall) return 0;
      if (pauses.fruitful() >= fruitfulToStop) return true;
      // Where timestamps can be read, the next answer says more than a pause would.
      return isFresh || !areFew ? 0 : pauses.begin(tookMs);
    },
    reset() {
      fresh = 0;
      pauses.reset();
    },
  };
}

/** Compares what a pause brings with what the next ask brings at once. */
function createPauses() {
  let fruitful = 0;
  /** Events of the last answer that was not small; at first every answer is small. */
  let most = Number.POSITIVE_INFINITY;
  let isPausing = false;
  /** The answer of `most` came after a pause, and none has been compared with it yet. */
  let isOpen = false;
  /** The last answer was full, so that the next may be the rest of a backlog. */
  let wasFull = true;
  /** The share of a whole pause that is waited: a pause that brings more than an answer holds tells nothing. */
  let share = 1;
  const reset = (): void => {
    fruitful = 0;
    most = Number.POSITIVE_INFINITY;
    isPausing = false;
    isOpen = false;
    wasFull = true;
    share = 1;
  };
  return {
    /** @returns whether the answer is small beside one before it, and no rest of a backlog */
    compare(
      events: number,
      { isFull, isOld }: { readonly isFull: boolean; readonly isOld: boolean },
    ): boolean {
      const afterPause = isPausing;
      const mayBeRest = wasFull;
      isPausing = false;
      wasFull = isFull;
      if (!afterPause && !isFull && !isOld && timesMore * events <= most) {
        if (isOpen) fruitful += 1;
        isOpen = false;
        return !mayBeRest;
      }
      isOpen = afterPause && !isFull && !isOld;
      if (!isOpen) fruitful = 0;
      if (afterPause && isFull) share /= 2;
      if (afterPause || timesMore * events > most) most = events;
      return false;
    },
    fruitful: () => fruitful,
    /** @returns how long to pause, in ms */
    begin(tookMs: number): number {
      isPausing = true;
      return share * Math.min(mostPauseMs, Math.max(leastPauseMs, pauseAnswers * tookMs));
    },
    reset,
  };
}

/** The clocks of Mosaic's services may differ from the collector's by this much. */
const skewMs = 60_000;
const freshToStop = 3;
/** Events may be published two minutes late, also where a stream is collected every minute; an hour late is a backlog. */
const leastOldMs = 180_000;
const mostOldMs = 600_000;
const fruitfulToStop = 4;
const timesMore = 3;
/** Twenty times what one answer of 150 ms takes, so that chance hardly ever makes a pause look fruitless. */
const leastPauseMs = 3_000;
const mostPauseMs = 10_000;
/** A pause as long as so many answers brings six times what comes while one answer is on its way. */
const pauseAnswers = 5;
