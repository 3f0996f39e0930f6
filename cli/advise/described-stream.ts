import { CommandError } from '../command.ts';
import { count, span } from '../text.ts';
import { monthlyCost } from './cost.ts';
import type { Subject } from './show-advice.ts';
import { type Plan, packedS3, readerLimit, relayLineBytes, usualTiming } from './workload.ts';

/** Flags that describe a stream, as they were typed. */
export interface Description {
  readonly rate: string;
  readonly 'event-size'?: string;
  readonly every?: string;
  readonly 'batch-size'?: string;
  readonly memory?: string;
  readonly compressed?: true;
}

/**
 * A stream that nobody was asked about.
 *
 * @throws {CommandError} that says what can still be told, or is taken without the flag
 */
export function describedStream(given: Description, freshnessSeconds: number): Subject {
  const present: Plan = {
    everySeconds: size(given, 'every') * 60,
    batchSize: size(given, 'batch-size'),
    memoryMb: size(given, 'memory'),
    timeoutSeconds: 300,
    destinations: [{ ...packedS3, compressed: given.compressed ?? false }],
  };
  const eventBytes = size(given, 'event-size');
  const eventsPerSecond = rateOf(given.rate, present, eventBytes);
  const records = given.compressed ? 'compressed records' : 'packed records';
  return {
    title: 'a stream as described',
    basis: `as given; 150 ms a collect and 30 ms a journal PUT are assumed, and one S3 destination with ${records}`,
    load: { eventsPerSecond, eventBytes },
    timing: usualTiming,
    present,
    freshnessSeconds,
  };
}

/** By the settings' own ranges and defaults; Firehose takes no record above 1,000 KiB. */
const sizes = {
  'event-size': { from: 1, to: 1_000 * 1_024 - relayLineBytes, otherwise: 1_024 },
  every: { from: 1, to: 1_440, otherwise: 5 },
  'batch-size': { from: 1, to: 1_000, otherwise: 1_000 },
  memory: { from: 256, to: 10_240, otherwise: 512 },
} as const;

/** Seconds; a run takes time after its minute. @throws {CommandError} */
export function freshnessOf(text: string | undefined): number {
  return wholeOr('freshness', text, {
    from: 61,
    to: 604_800,
    otherwise: 600,
    why: ': no schedule is sooner than a minute, and its run comes on top',
  });
}

function size(given: Description, flag: keyof typeof sizes): number {
  const text = given[flag];
  const tooLarge = flag === 'event-size' && /^\d+$/.test(text ?? '') && Number(text) > sizes[flag].to;
  const why = tooLarge
    ? ': Firehose takes no line above 1,000 KiB, and such an event goes to quarantine'
    : '';
  return wholeOr(flag, text, { ...sizes[flag], why });
}

interface Range {
  readonly from: number;
  readonly to: number;
  /** Without the flag. */
  readonly otherwise: number;
  /** Why a value outside is none. */
  readonly why: string;
}

function wholeOr(flag: string, text: string | undefined, { from, to, otherwise, why }: Range): number {
  if (text === undefined) return otherwise;
  const number = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (number >= from && number <= to) return number;
  throw new CommandError(
    `--${flag} "${text}" is no whole number from ${from} to ${to}${why}; without the flag ${count(otherwise)} is taken`,
  );
}

function rateOf(text: string, present: Plan, eventBytes: number): number {
  const rate = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (rate > 0 && rate < 1e9) return rate;
  const idle = monthlyCost({ eventsPerSecond: 0, eventBytes }, present, usualTiming).total;
  const schedule = `a schedule of ${span(present.everySeconds * 1_000)} alone costs $${idle.toFixed(3)} a month`;
  if (rate === 0) {
    throw new CommandError(`--rate "${text}" is no number above 0; without events ${schedule}`);
  }
  const limit = count(Math.round(readerLimit(present, usualTiming)));
  throw new CommandError(
    `--rate "${text}" is no number of events per second above 0 and below 1,000,000,000; whatever it is, ${schedule}, and one reader draws ${limit} events/s at most`,
  );
}
