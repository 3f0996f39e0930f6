import type { LedgerEntry, Simulator } from '@mosaic-relay/mosaic-simulator';
import { eventId } from '../../functions/collector/answers/event-id.ts';
import type { WorldStream } from '../world-streams.ts';
import type { SourceFates } from './missing-report.ts';
import { createStreamIds, type StreamIds } from './stream-ids.ts';
import type { SourceCounts } from './watch.ts';

/**
 * The simulator's knowledge of each stream, as the runner asks for it. A stream whose id was replaced is owed,
 * under the old id, the events that were raised before the new one existed.
 */
export function simulatedSource(
  simulator: Simulator,
  ids: Pick<StreamIds, 'of'> = createStreamIds(),
): SimulatedSource {
  const keysOf = (stream: WorldStream): readonly string[] =>
    ids.of(stream).map((id) => `${stream.type}/${id}`);
  function* ledger(stream: WorldStream): Generator<SourceEntry> {
    const lives = keysOf(stream).map((key) => [...simulator.ledger(key)]);
    for (const [place, entries] of lives.entries()) {
      const next = lives.slice(place + 1).find(({ length }) => length > 0)?.[0]?.index;
      for (const entry of entries) {
        if (next === undefined || entry.index < next)
          yield { ...entry, id: eventId(stream.type, entry.bytes) };
      }
    }
  }
  return {
    generate(streams, count, overPastMs) {
      const types = new Set(streams.map(({ type }) => type));
      for (const type of types) simulator.generate(type, count, { overPastMs });
    },
    generated: (stream) => simulator.generatedCount(keysOf(stream)[0]!),
    waiting: (stream) => {
      const owned = ids.of(stream);
      const views = simulator.streams().filter(({ type, id }) => type === stream.type && owned.includes(id));
      return views.reduce((sum, { backlog }) => sum + backlog, 0);
    },
    // The first of several ids is never deleted, so it has all events that were raised for it.
    rawEvents: (stream) => simulator.generated(keysOf(stream)[0]!),
    ledger,
    fatesOf(stream, wanted) {
      const fates = new Map<string, string>();
      if (wanted.size === 0) return fates;
      for (const { id, fate, cause } of ledger(stream)) {
        if (!wanted.has(id)) continue;
        fates.set(id, cause === undefined ? fateTexts[fate] : `${fateTexts[fate]} (${cause})`);
      }
      return fates;
    },
  };
}

/** The fate of one event of a stream. */
export interface SourceEntry extends LedgerEntry {
  /** The id that the collector computes: 32 hexadecimal digits. */
  readonly id: string;
}

export interface SimulatedSource extends SourceCounts, SourceFates {
  /** Raises events of each stream's type, with timestamps spread over the time before. */
  generate(streams: readonly WorldStream[], count: number, overPastMs: number): void;
  rawEvents(stream: WorldStream): Iterable<Uint8Array>;
  /** The same events, each once, with its fate. */
  ledger(stream: WorldStream): Iterable<SourceEntry>;
}

const fateTexts = {
  waiting: 'still in Mosaic',
  answered: 'answered and never journaled',
  damaged: 'answered in no readable form',
  lost: 'lost on the wire',
  returned: 'to come again from Mosaic',
  expired: 'expired in Mosaic',
} as const;
