import { type EventType, eventTypes } from '../../functions/collector/contract.ts';
import { type LedgerEntry, ledgerOf } from './ledger.ts';
import type { Stream, Tenant } from './tenant.ts';

/** What was raised, asked by a type, by a stream's id, or by `type/id` where two types have one of that id. */
export interface RaisedEvents {
  /** Raw bytes of a type's events, or of a stream's since it was first created, made anew. */
  generated(typeOrStream: string): Iterable<Uint8Array>;
  /** The same events of a stream with their ids and what became of them. */
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

export function createRaisedEvents(tenant: Tenant, writer: RaisedWriter): RaisedEvents {
  const livesNamed = (name: string): readonly Life[] => {
    const type = eventTypes.find((known) => known === name);
    return type === undefined ? livesOf(tenant.streams, name) : [{ type, start: 0, enriched: false }];
  };
  return {
    *generated(name) {
      const lives = livesNamed(name);
      for (const [place, { type, start, enriched }] of lives.entries()) {
        const until = lives[place + 1]?.start ?? tenant.topics[type].length;
        for (let index = start; index < until; index += 1) yield writer.bytesOf(type, index, enriched);
      }
    },
    *ledger(name) {
      const lives = livesOf(tenant.streams, name);
      for (const [place, stream] of lives.entries()) {
        const { type, enriched } = stream;
        const until = lives[place + 1]?.start ?? tenant.topics[type].length;
        yield* ledgerOf(stream, { until, bytesOf: (index) => writer.bytesOf(type, index, enriched) });
      }
    },
    recognise(name, bytes) {
      const lives = livesNamed(name);
      const { type } = lives[0]!;
      const index = writer.numberIn(type, bytes);
      const life = index === undefined ? undefined : lives.findLast(({ start }) => start <= index);
      if (index === undefined || life === undefined || index >= tenant.topics[type].length) return undefined;
      if (!bytes.equals(writer.bytesOf(type, index, life.enriched))) return undefined;
      return { index, timestamp: tenant.topics[type].timestampOf(index) };
    },
  };
}

export interface RaisedWriter {
  bytesOf(type: EventType, index: number, enriched: boolean): Buffer;
  /** The number that the bytes say they have. */
  numberIn(type: EventType, bytes: Buffer): number | undefined;
}

type Life = Pick<Stream, 'type' | 'start' | 'enriched'>;

/** A stream under one id, once for each time that it was created. */
function livesOf(streams: readonly Stream[], name: string): readonly Stream[] {
  const lives = streams.filter(({ type, id }) => name === id || name === `${type}/${id}`);
  if (lives.length === 0) throw new Error(`there never was a stream ${name}`);
  if (new Set(lives.map(({ type }) => type)).size > 1) {
    throw new Error(`several types have a stream ${name}: name it as type/id`);
  }
  return lives;
}
