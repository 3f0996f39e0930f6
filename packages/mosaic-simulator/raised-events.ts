import { eventTypes } from './event-types.ts';
import type { EventWriter } from './events/event-bytes.ts';
import type { EventRequest } from './events/event-text.ts';
import { type LedgerEntry, ledgerOf } from './ledger.ts';
import type { Stream } from './stream.ts';
import { backlogOf, type Tenant } from './tenant.ts';

/** The raised events. A caller names a type, a stream's id, or `type/id` where two types have a stream of that id. */
export interface RaisedEvents {
  /** Raw bytes of one event, as a stream gets it. */
  bytesOf(stream: Pick<Stream, 'type' | 'start' | 'enriched'>, index: number): Buffer;
  /** Raw bytes of a type's events, or of a stream's since it was first created, made anew. */
  generated(typeOrStream: string): Iterable<Uint8Array>;
  /** How many these are by now. */
  generatedCount(typeOrStream: string): number;
  /** The longest that an event of the stream has waited to be read, or waits at `now`. */
  oldestWaitMs(stream: string, now: number): number;
  /** The same events of a stream with what became of them. */
  ledger(stream: string): Iterable<LedgerEntry>;
  /** Which event these are the bytes of, byte for byte; undefined for what was never raised. */
  recognise(typeOrStream: string, bytes: Buffer): RaisedEvent | undefined;
}

export interface RaisedEvent {
  /** Its number among the events of its type, 0.. */
  readonly index: number;
  /** Its own, in ms since the epoch. */
  readonly timestamp: number;
}

/** @param publishedLateMs how long after its own timestamp an event can be read */
export function createRaisedEvents(
  tenant: Tenant,
  writer: EventWriter,
  publishedLateMs: number,
): RaisedEvents {
  const livesNamed = (name: string): readonly Life[] => {
    const type = eventTypes.find((known) => known === name);
    return type === undefined ? livesOf(tenant.streams, name) : [{ type, start: 0, enriched: false }];
  };
  const requestOf = ({ type, enriched }: Life, index: number): EventRequest => ({
    ...{ type, index, enriched },
    timestamp: tenant.topics[type].timestampOf(index) - publishedLateMs,
    story: tenant.topics[type].storyOf(index),
  });
  const bytesOf = (life: Life, index: number): Buffer => writer.bytesOf(requestOf(life, index));
  return {
    bytesOf,
    *generated(name) {
      const lives = livesNamed(name);
      for (const [place, life] of lives.entries()) {
        const until = lives[place + 1]?.start ?? tenant.topics[life.type].length;
        for (let index = life.start; index < until; index += 1) yield bytesOf(life, index);
      }
    },
    generatedCount(name) {
      const { type, start } = livesNamed(name)[0]!;
      return tenant.topics[type].length - start;
    },
    oldestWaitMs(name, now) {
      const waits = livesOf(tenant.streams, name).flatMap((stream) => waitsOf(stream, tenant, now));
      return waits.reduce((longest, wait) => Math.max(longest, wait), 0);
    },
    *ledger(name) {
      const lives = livesOf(tenant.streams, name);
      for (const [place, stream] of lives.entries()) {
        const until = lives[place + 1]?.start ?? tenant.topics[stream.type].length;
        yield* ledgerOf(stream, { until, bytesOf: (index) => bytesOf(stream, index) });
      }
    },
    recognise(name, bytes) {
      const lives = livesNamed(name);
      const { type } = lives[0]!;
      const index = writer.numberIn(type, bytes);
      if (index === undefined || index >= tenant.topics[type].length) return undefined;
      const life = lives.findLast(({ start }) => start <= index);
      if (life === undefined) return undefined;
      const request = requestOf(life, index);
      return writer.matches(request, bytes) ? { index, timestamp: request.timestamp } : undefined;
    },
  };
}

type Life = Pick<Stream, 'type' | 'start' | 'enriched'>;

/** The waiting time of each answer's first event, and of the first event that is still to be read. */
function waitsOf(stream: Stream, { topics }: Tenant, now: number): readonly number[] {
  const topic = topics[stream.type];
  const read = stream.reads
    .filter(({ call }) => call > 0)
    .map(({ at, ranges }) => at - topic.raisedAt(ranges[0]![0]));
  if (backlogOf(stream, topic) === 0) return read;
  return [...read, now - topic.raisedAt(Math.min(stream.next, ...stream.returned))];
}

/** A stream under one id, once for each time that it was created. */
function livesOf(streams: readonly Stream[], name: string): readonly Stream[] {
  const lives = streams.filter(({ type, id }) => name === id || name === `${type}/${id}`);
  if (lives.length === 0) throw new Error(`there never was a stream ${name}`);
  if (new Set(lives.map(({ type }) => type)).size > 1) {
    throw new Error(`several types have a stream ${name}: name it as type/id`);
  }
  return lives;
}
