import { fewerThan, likely } from './poisson.ts';

/** A stream whose events are raised at random moments, and the pace at which a run polls it. */
export interface PolledStream {
  readonly eventsPerSecond: number;
  readonly everySeconds: number;
  /** 1..1000 */
  readonly batchSize: number;
  /** Milliseconds from one collect to the next: after a full answer, after a short one, and after an empty one. */
  readonly fullMs: number;
  readonly shortMs: number;
  readonly emptyMs: number;
  /** Milliseconds for which a run may go on asking. */
  readonly mostMs: number;
}

/** The averages of a run's answers. */
export interface RunAnswers {
  /** Answers with events, each of which is a journal object. */
  readonly withEvents: number;
  readonly empty: number;
  /** Milliseconds until the last answer is in the journal. */
  readonly ms: number;
  /** Events of the last answer that has any. */
  readonly lastEvents: number;
}

/**
 * Calculates the answers of a run by the rules by which the collector ends one.
 *
 * The first answers bring the events that were raised since the run before: full answers, and the rest of a batch.
 * Each later answer holds the events that were raised while the answer before was on its way. The run ends when it
 * is drained, by two empty answers in a row, or caught up, by three answers in a row of less than half of what was
 * asked, the first of them not empty, without an event from more than a minute before the run began. The rest of a
 * batch counts among these three where all its events are so young.
 *
 * @see ../../functions/collector/protocol/caught-up.ts
 */
export function answersOfRun(stream: PolledStream): RunAnswers {
  const tails = tailsOf(stream);
  const perSecond = stream.eventsPerSecond / 1_000;
  const { batchSize, everySeconds, fullMs, shortMs, emptyMs } = stream;
  const perRun = stream.eventsPerSecond * everySeconds;
  // More events are raised while an answer is on its way than an answer can hold: each answer is full, without end.
  if (perSecond * fullMs >= batchSize) {
    const full = perRun / batchSize;
    return { withEvents: full, empty: 0, ms: full * fullMs, lastEvents: batchSize };
  }
  const backlog = Math.max(0, perRun - perSecond * tails.neither.ms);
  const sum = { withEvents: 0, empty: 0, ms: 0, lastEvents: 0 };
  for (const { value, weight } of likely(backlog)) {
    const events = Math.max(0, value);
    const full = Math.floor(events / batchSize);
    const rest = events - full * batchSize;
    const young = rest < batchSize / 2 ? youngShare(stream, { full, rest, tailMs: tails.neither.ms }) : 0;
    const add = (share: number, tail: Tail, own: { readonly short: number; readonly ms: number }) => {
      const inTail = Math.min(1, tail.withEvents);
      sum.withEvents += weight * share * (full + own.short + tail.withEvents);
      sum.empty += weight * share * tail.empty;
      sum.ms += weight * share * (full * fullMs + own.ms + tail.ms);
      const before = own.short === 0 ? Math.min(batchSize, events) : rest;
      sum.lastEvents += weight * share * (inTail * Math.max(1, perSecond * shortMs) + (1 - inTail) * before);
    };
    if (events < 0.5) {
      add(1, { ...tails.empty, empty: tails.empty.empty + 1 }, { short: 0, ms: emptyMs });
    } else if (rest < 0.5) {
      add(1, tails.neither, { short: 0, ms: 0 });
    } else {
      add(young, tails.young, { short: 1, ms: shortMs });
      add(1 - young, tails.neither, { short: 1, ms: shortMs });
    }
  }
  return sum;
}

/** The likelihood that the rest of a batch holds no event from more than a minute before the run. */
function youngShare(
  { eventsPerSecond, everySeconds, fullMs, batchSize }: PolledStream,
  { full, rest, tailMs }: { readonly full: number; readonly rest: number; readonly tailMs: number },
): number {
  const spanMs = everySeconds * 1_000;
  // The time from the end of the last collecting until a minute before this run.
  const oldMs = Math.max(0, spanMs - full * fullMs - tailMs - skewMs);
  if (full > 0) return (eventsPerSecond / 1_000) * oldMs > full * batchSize ? 0 : 1;
  return ((spanMs - oldMs) / spanMs) ** rest;
}

const skewMs = 60_000;

/** The answers that still come once the backlog has been read. */
interface Tail {
  readonly withEvents: number;
  readonly empty: number;
  readonly ms: number;
}

interface Tails {
  /** After an answer with events that is no sign of having caught up. */
  readonly neither: Tail;
  /** After an answer that is such a sign. */
  readonly young: Tail;
  /** After a first answer without events. */
  readonly empty: Tail;
}

/**
 * Solves the averages of each state. A state's average is that of the next answer plus that of the state after it.
 * Every state can fall back to `neither`, so each is calculated with `neither` left open; the equation for
 * `neither` itself then gives its value.
 */
function tailsOf({ eventsPerSecond, batchSize, shortMs, emptyMs, mostMs }: PolledStream): Tails {
  const answerAfter = (ms: number): NextAnswer => {
    const mean = (eventsPerSecond * ms) / 1_000;
    const empty = Math.exp(-mean);
    const few = Math.max(empty, fewerThan(batchSize / 2, mean));
    return { ms, empty, short: few - empty, long: 1 - few };
  };
  const afterEvents = answerAfter(shortMs);
  const afterEmpty = answerAfter(emptyMs);
  const over: Open = { tail: none, again: 0 };
  const again: Open = { tail: none, again: 1 };
  const two = next(afterEvents, { ifEmpty: over, ifShort: over, ifLong: again });
  const emptyTwo = next(afterEmpty, { ifEmpty: over, ifShort: over, ifLong: again });
  const one = next(afterEvents, { ifEmpty: emptyTwo, ifShort: two, ifLong: again });
  const empty = next(afterEmpty, { ifEmpty: over, ifShort: one, ifLong: again });
  const first = next(afterEvents, { ifEmpty: empty, ifShort: one, ifLong: again });
  // A stream whose answers are all long goes on until its run is out of time.
  const times = Math.min(1 / (1 - first.again), mostMs / first.tail.ms);
  const neither = plus(none, first.tail, times);
  const closed = (state: Open) => plus(state.tail, neither, state.again);
  return { neither, young: closed(one), empty: closed(empty) };
}

/** The answers until the run ends or is in the state `neither`, and the likelihood of `neither`. */
interface Open {
  readonly tail: Tail;
  readonly again: number;
}

/** The likelihoods that the next answer is empty, less than half of what was asked, or more; and its time. */
interface NextAnswer {
  readonly ms: number;
  readonly empty: number;
  readonly short: number;
  readonly long: number;
}

function next(
  { ms, empty, short, long }: NextAnswer,
  { ifEmpty, ifShort, ifLong }: { readonly ifEmpty: Open; readonly ifShort: Open; readonly ifLong: Open },
): Open {
  const own: Tail = { withEvents: 1 - empty, empty, ms };
  const then = plus(plus(plus(own, ifEmpty.tail, empty), ifShort.tail, short), ifLong.tail, long);
  return { tail: then, again: empty * ifEmpty.again + short * ifShort.again + long * ifLong.again };
}

const none: Tail = { withEvents: 0, empty: 0, ms: 0 };

function plus(one: Tail, other: Tail, times: number): Tail {
  return {
    withEvents: one.withEvents + times * other.withEvents,
    empty: one.empty + times * other.empty,
    ms: one.ms + times * other.ms,
  };
}
