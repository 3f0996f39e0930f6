import { answered } from '../../../contracts/memory-source.ts';
import type { RelayUnderTest } from './relay-under-test.ts';

export interface RaisedEvents {
  /** When each event, numbered from 0, was raised, ascending; in ms since the epoch. */
  readonly raisedAt: readonly number[];
  /** Its raw JSON text; `{"n":…,"timestamp":"…"}` unless said. */
  readonly text?: (n: number, raisedAt: number) => string;
  /** How long after it was raised an event can be collected. */
  readonly publishedAfterMs?: number;
  /** How long the source takes for an answer of so many events. */
  readonly answerMs?: (events: number) => number;
  /** How many events it answers, where it is not all that was asked for and waits. */
  readonly answers?: (asked: number, waiting: number) => number;
}

/**
 * Lets the source of a relay raise events as the clock goes on, the oldest first.
 *
 * @returns how many have been asked for and given, whether or not they arrived
 */
export function raiseEvents(
  { source, clock }: RelayUnderTest,
  {
    raisedAt,
    text = timestamped,
    publishedAfterMs = 0,
    answerMs = () => 150,
    answers = Math.min,
  }: RaisedEvents,
): { given(): number } {
  let next = 0;
  let published = 0;
  source.collect = async (request) => {
    source.stored.requests.push(request);
    while (published < raisedAt.length && raisedAt[published]! + publishedAfterMs <= clock.now())
      published += 1;
    const count = Math.max(0, answers(request.batchSize, published - next));
    const events = raisedAt.slice(next, next + count).map((at, index) => text(next + index, at));
    next += count;
    const tookMs = answerMs(count);
    await clock.sleep(Math.min(tookMs, request.timeoutMs), request.signal);
    if (tookMs > request.timeoutMs)
      return { kind: 'unknown', reason: 'timeout', message: 'no answer in time.' };
    return answered(events);
  };
  return { given: () => next };
}

function timestamped(n: number, raisedAt: number): string {
  return `{"n":${n},"timestamp":"${new Date(raisedAt).toISOString()}"}`;
}

/** Evenly spaced from `from` on, so many a second. */
export function steadily(perSecond: number, from: number, durationMs: number): number[] {
  const count = Math.floor((perSecond * durationMs) / 1_000);
  return Array.from({ length: count }, (_, n) => from + ((n + 1) * 1_000) / perSecond);
}

/** At random, independently of each other, so many a second on the average. @param random 0 <= x < 1 */
export function atRandom(
  perSecond: number,
  {
    from,
    durationMs,
    random,
  }: { readonly from: number; readonly durationMs: number; readonly random: () => number },
): number[] {
  const times: number[] = [];
  for (let at = from; ; ) {
    at += (-Math.log(1 - random()) * 1_000) / perSecond;
    if (at > from + durationMs) return times;
    times.push(Math.floor(at));
  }
}
