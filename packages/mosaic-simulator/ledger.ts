import type { Fate, Stream } from './stream.ts';

/** The fate of one event of a stream, as the simulator knows it. */
export interface LedgerEntry {
  /** Its number among the events of its type, 0.. */
  readonly index: number;
  readonly bytes: Uint8Array;
  /** `waiting`: never read. Of several readings the best one counts: an event that came again was answered. */
  readonly fate: 'waiting' | Fate;
  /** The switch or interference that kept it from arriving whole. */
  readonly cause: string | undefined;
  /** The call, by its number in the log, that its fate comes from; 0 where none did. */
  readonly call: number;
}

/**
 * Lists the events that were raised from a stream's creation up to `until`, in order, made anew one by one. Events
 * that were raised after its deletion are lost, since no stream takes them.
 */
export function* ledgerOf(
  stream: Stream,
  { until, bytesOf }: { readonly until: number; readonly bytesOf: (index: number) => Buffer },
): Generator<LedgerEntry> {
  const end = stream.end ?? until;
  // Positions in `reads`, 1.., of the reading that counts for each event.
  const reading = new Uint32Array(Math.max(0, end - stream.start));
  stream.reads.forEach((read, place) => {
    for (const [from, to] of read.ranges) {
      for (let index = from; index < to; index += 1) {
        const before = stream.reads[reading[index - stream.start]! - 1];
        if (before === undefined || ranks[read.fate] >= ranks[before.fate])
          reading[index - stream.start] = place + 1;
      }
    }
  });
  for (let index = stream.start; index < until; index += 1) {
    const read = stream.reads[reading[index - stream.start]! - 1];
    const bytes = bytesOf(index);
    yield {
      index,
      bytes,
      fate: read?.fate ?? (index < end ? 'waiting' : 'lost'),
      cause: read?.cause ?? (index < end ? undefined : 'no-stream'),
      call: read?.call ?? 0,
    };
  }
}

/** The ranks of the readings. Of two equal ones the later counts: an event that came again may have been lost then. */
const ranks: Readonly<Record<Fate, number>> = { answered: 3, damaged: 2, returned: 1, lost: 1, expired: 0 };
