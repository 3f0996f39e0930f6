import { wholeNumber } from '../arguments/forms.ts';
import { shown, WrongUse } from '../arguments/wrong-use.ts';
import { count, durationText } from '../text.ts';
import { monthlyCost } from './cost.ts';
import type { AdvisedStream } from './show-advice.ts';
import { type Plan, packedS3, readerLimit, relayLineBytes, usualTiming } from './workload.ts';

/** A stream as flags describe it. */
export interface Description {
  /** Events per second, as it was typed. */
  readonly rate: string;
  readonly 'event-size': number;
  /** Minutes. */
  readonly every: number;
  readonly 'batch-size': number;
  /** MB. */
  readonly memory: number;
  /** MiB a second. */
  readonly quota: number;
  readonly plain: boolean;
  /** Seconds. */
  readonly freshness: number;
}

/** Firehose takes no record above 1,000 KiB. */
export const eventSize = wholeNumber({
  from: 1,
  to: 1_000 * 1_024 - relayLineBytes,
  why: 'Firehose takes no line above 1,000 KiB, and such an event goes to quarantine',
});

/**
 * Builds the subject of advice from flags alone.
 *
 * @throws {WrongUse} for a rate that is none; the message says what holds at any rate
 */
export function describedStream(given: Description): AdvisedStream {
  const present: Plan = {
    everySeconds: given.every * 60,
    batchSize: given['batch-size'],
    memoryMb: given.memory,
    timeoutSeconds: 300,
    destinations: [{ ...packedS3, compressed: !given.plain, quotaMiBPerSecond: given.quota }],
  };
  const eventBytes = given['event-size'];
  const eventsPerSecond = rateOf(given.rate, present, eventBytes);
  const records = given.plain ? 'plain records' : 'compressed records';
  return {
    title: 'a stream as described',
    basis: `as given; 150 ms a collect and 30 ms a journal PUT are assumed, and one S3 destination with ${records}`,
    load: { eventsPerSecond, eventBytes },
    timing: usualTiming,
    present,
    freshnessSeconds: given.freshness,
  };
}

function rateOf(text: string, present: Plan, eventBytes: number): number {
  const rate = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (rate > 0 && rate < 1e9) return rate;
  const idle = monthlyCost({ eventsPerSecond: 0, eventBytes }, present, usualTiming).total;
  const schedule = `a schedule of ${durationText(present.everySeconds * 1_000)} alone costs $${idle.toFixed(3)} a month`;
  if (rate === 0) {
    throw new WrongUse(`--rate "${text}" is not a number above 0; without events ${schedule}`);
  }
  const limit = count(Math.round(readerLimit(present, usualTiming)));
  throw new WrongUse(
    `--rate "${shown(text)}" is not a number of events per second above 0 and below 1000000000; at any rate ${schedule}, and one reader draws ${limit} events/s at most`,
  );
}
