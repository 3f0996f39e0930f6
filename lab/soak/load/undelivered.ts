import type { NumberedLine } from './event-numbers.ts';
import type { LineSizes } from './line-sizes.ts';

/**
 * Follows the events that each destination has not got: all raised events that its delivery stream has not
 * accepted. Events that wait in Mosaic count like those in the journal, so that a relay which collects late hides
 * nothing. A batch is undelivered from its PUT into the journal until the last of its events is accepted; its age
 * counts from its `collectedAt`.
 */
export interface Undelivered {
  /** A batch has come into the journal. */
  journaled(batch: { readonly collectedAt: number; readonly events: readonly number[] }): void;
  /** A destination's delivery stream has accepted lines. @throws for a line of another length than its event gives */
  accepted(destination: number, lines: readonly NumberedLine[]): void;
  /** The most bytes since the sample before, for each destination. */
  sample(): readonly Sample[];
  now(destination: number): Sample;
  /** Counts the raised events that the destination never got, and those that it got again. */
  compare(destination: number): { readonly missing: number; readonly duplicates: number };
}

export interface Sample {
  readonly bytes: number;
  /** Age of the oldest undelivered batch; 0 when there is none. */
  readonly oldestMs: number;
}

export function followUndelivered(options: {
  readonly destinations: number;
  readonly lines: LineSizes;
  readonly now: () => number;
  /** Counts the events that have been raised by now. */
  readonly raised: () => number;
}): Undelivered {
  const { lines } = options;
  const collectedAt: number[] = [];
  const batchOf = createNumbers(Uint32Array);
  const destinations = Array.from({ length: options.destinations }, createDestination);

  const stateOf = (one: DestinationState): Sample => {
    const since = collectedAt[one.oldest];
    return {
      bytes: lines.upTo(options.raised()) - one.acceptedBytes,
      oldestMs: since === undefined ? 0 : options.now() - since,
    };
  };
  const notePeak = (one: DestinationState): void => {
    const { bytes, oldestMs } = stateOf(one);
    one.peak = { bytes: Math.max(one.peak.bytes, bytes), oldestMs: Math.max(one.peak.oldestMs, oldestMs) };
  };
  const take = (one: DestinationState, { event, bytes }: NumberedLine): void => {
    if (bytes !== lines.of(event))
      throw new Error(
        `the line of event ${event} has ${bytes} bytes, and its event gives ${lines.of(event)}`,
      );
    if (one.got.of(event) === 1) {
      one.duplicates += 1;
      return;
    }
    one.got.set(event, 1);
    one.accepted += 1;
    one.acceptedBytes += bytes;
    const batch = batchOf.of(event) - 1;
    if (batch >= 0) one.left[batch]! -= 1;
  };

  return {
    journaled(batch) {
      collectedAt.push(batch.collectedAt);
      for (const event of batch.events) batchOf.set(event, collectedAt.length);
      for (const one of destinations) {
        const got = batch.events.filter((event) => one.got.of(event) === 1).length;
        one.left.push(batch.events.length - got);
        passDelivered(one);
      }
    },
    accepted(destination, put) {
      const one = destinations[destination]!;
      // Only an acceptance lowers the owed bytes, so they were highest just before one.
      notePeak(one);
      for (const line of put) take(one, line);
      passDelivered(one);
    },
    sample() {
      return destinations.map((one) => {
        notePeak(one);
        const { peak } = one;
        one.peak = stateOf(one);
        return peak;
      });
    },
    now: (destination) => stateOf(destinations[destination]!),
    compare(destination) {
      const { accepted, duplicates } = destinations[destination]!;
      return { missing: options.raised() - accepted, duplicates };
    },
  };
}

interface DestinationState {
  /** 1 for each event that was accepted. */
  readonly got: Numbers;
  /** Events that the destination has not got of each batch, in the order of the journal. */
  readonly left: number[];
  /** The first batch with events left; the number of batches when there is none. */
  oldest: number;
  accepted: number;
  acceptedBytes: number;
  duplicates: number;
  /** The peak since the last sample. */
  peak: Sample;
}

function createDestination(): DestinationState {
  return {
    got: createNumbers(Uint8Array),
    left: [],
    oldest: 0,
    accepted: 0,
    acceptedBytes: 0,
    duplicates: 0,
    peak: { bytes: 0, oldestMs: 0 },
  };
}

function passDelivered(one: DestinationState): void {
  while (one.left[one.oldest] === 0) one.oldest += 1;
}

/** A number for each event, 0 at first. */
interface Numbers {
  of(event: number): number;
  set(event: number, value: number): void;
}

function createNumbers(Values: typeof Uint8Array | typeof Uint32Array): Numbers {
  let values = new Values(1 << 16);
  return {
    of: (event) => values[event] ?? 0,
    set(event, value) {
      if (event >= values.length) {
        const larger = new Values(Math.max(event + 1, values.length * 2));
        larger.set(values);
        values = larger;
      }
      values[event] = value;
    },
  };
}
