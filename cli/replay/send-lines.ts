import type { ReplayPart } from '../../functions/stored/replayed-key.ts';
import { destinationOf } from '../access/deployed-relay.ts';
import { type Lines, someLines } from './lines.ts';
import type { Marks } from './marks.ts';
import { createPacedDestination, type PacedDestination, type PacedOptions } from './paced-destination.ts';
import type { SendOutcome } from './send-outcome.ts';
import type { Opened, ReplaySource } from './waiting.ts';

/** Sends at a pace and remembers each part that was sent. A destination that refuses gets nothing more. */
export interface Sender {
  /** Counts the events that `lines` would send, and sends none. */
  left(lines: Lines, object: ObjectToSend): Promise<SendOutcome>;
  lines(lines: Lines, object: ObjectToSend): Promise<SendOutcome>;
  message(message: Opened & { readonly kind: 'message' }, object: ObjectToSend): Promise<SendOutcome>;
}

export interface ObjectToSend {
  readonly source: ReplaySource;
  readonly key: string;
  readonly destination: string;
  /** True where the object is done once its lines are sent; false where a part of it could not be read. */
  readonly final: boolean;
}

export interface SenderOptions extends PacedOptions {
  /** Gets the bytes of every late event that is left out, as they wait: an event, or a line that was written before. */
  readonly onLeftOut?: (destination: string, bytes: Uint8Array) => void;
  readonly marks: Marks;
}

/** Events that are sent before the progress is remembered. */
const chunkEvents = 1_000;

export function createSender(options: SenderOptions): Sender {
  const { stream, marks, signal, rate, late: withLate = false } = options;
  const pacedDestinations = new Map<string, PacedDestination>();
  const pacedOf = (name: string): PacedDestination => {
    const paced = pacedDestinations.get(name) ?? createPacedDestination(destinationOf(stream, name), options);
    pacedDestinations.set(name, paced);
    return paced;
  };
  const chunk = Math.min(chunkEvents, Math.max(1, Math.ceil(rate ?? chunkEvents)));

  return {
    async left(lines, object) {
      const { pending, skipped } = toSend(lines, await progressOf(lines, object));
      const late = pacedOf(object.destination).countLate(someLines(lines, pending));
      return withLate
        ? { ...ended(pending.length, []), lateSent: late }
        : { ...ended(pending.length - late, []), late: late + skipped.length };
    },
    async lines(lines, object) {
      const { key, destination } = object;
      const paced = pacedOf(destination);
      const before = await progressOf(lines, object);
      const { pending, skipped } = toSend(lines, before);
      const oversized: string[] = [];
      const leftOut: number[] = [];
      let lateSent = 0;
      const so = (dealtWith: number, failures: readonly string[]): SendOutcome => ({
        ...ended(dealtWith - oversized.length - leftOut.length, [...failures, ...oversized]),
        ...{ late: skipped.length + leftOut.length, lateSent },
      });
      const part = (dealtWith: number): ReplayPart => ({
        // Events that an earlier replay left out stand before those that none has dealt with.
        events: Math.max(before.events, (pending[dealtWith - 1] ?? -1) + 1),
        oversized: before.oversized + oversized.length,
        leftOut: [
          ...skipped,
          ...pending.slice(dealtWith).filter((index) => index < before.events),
          ...leftOut,
        ],
      });
      for (let from = 0; from < pending.length; from += chunk) {
        if (paced.refusal !== undefined) return so(from, [paced.refusal]);
        const indexes = pending.slice(from, from + chunk);
        await paced.pace(indexes.length);
        if (signal.aborted) return { ...so(from, []), interrupted: true };
        const some = someLines(lines, indexes);
        const sent = await paced.send(some);
        paced.refusal = sent.refusal;
        if (sent.refusal !== undefined) return so(from, [sent.refusal]);
        oversized.push(...sent.oversized);
        if (withLate) lateSent += sent.late.length;
        else leftOut.push(...sent.late.map((place) => indexes[place]!));
        if (!withLate) tellLeftOut(some, sent.late, destination);
        const to = from + indexes.length;
        if (to < pending.length) await remember(part(to), object);
      }
      const { count } = lines.batch.cut;
      const done = { ...part(pending.length), events: count };
      if (object.source === 'journal' || (object.final && done.oversized === 0))
        await marks.set(destination, key, done.leftOut);
      // Events that are left are tried again each time: the destination's settings may have changed.
      else if (done.oversized < count) await marks.setPart(destination, key, done);
      const tooLarge = `${before.oversized} of its events are too large`;
      return so(pending.length, before.oversized === 0 ? [] : [tooLarge]);
    },
    async message({ events, send }, { destination }) {
      if (destinationOf(stream, destination).view !== undefined) return ended(0, [ofAnyView(destination)]);
      await pacedOf(destination).pace(events);
      if (signal.aborted) return { ...ended(0, []), interrupted: true };
      await send();
      return ended(events, []);
    },
  };

  /** The lines that earlier replays have dealt with: all of a marked object. */
  async function progressOf(
    { batch: { cut } }: Lines,
    { key, destination }: ObjectToSend,
  ): Promise<ReplayPart> {
    if (!(await marks.has(destination, key))) return marks.part(destination, key);
    return { events: cut.count, oversized: 0, leftOut: await marks.leftOut(destination, key) };
  }

  /** The indexes of the events to send, ascending, and of those that stay left out. */
  function toSend(
    { batch: { cut } }: Lines,
    { events, leftOut }: ReplayPart,
  ): { readonly pending: readonly number[]; readonly skipped: readonly number[] } {
    const fresh = Array.from({ length: Math.max(0, cut.count - events) }, (_, index) => events + index);
    if (!withLate) return { pending: fresh, skipped: leftOut };
    return { pending: [...leftOut.filter((index) => index < cut.count), ...fresh], skipped: [] };
  }

  async function remember(part: ReplayPart, { key, destination }: ObjectToSend): Promise<void> {
    // A marked object stays marked while events that were left out are sent.
    if (await marks.has(destination, key)) await marks.set(destination, key, part.leftOut);
    else await marks.setPart(destination, key, part);
  }

  function tellLeftOut({ batch: { cut } }: Lines, late: readonly number[], destination: string): void {
    for (const place of late)
      options.onLeftOut?.(destination, cut.source.subarray(cut.starts[place]!, cut.ends[place]!));
  }
}

/** An object that a copier was to take on may hold lines of any view, and the receiver knows it by its name. */
function ofAnyView(destination: string): string {
  return `${destination} sees events through a view, and the object may hold lines of another one: replay --source journal --destination ${destination} brings its events`;
}

function ended(events: number, failures: readonly string[]): SendOutcome {
  return { events, late: 0, lateSent: 0, failures, interrupted: false };
}
