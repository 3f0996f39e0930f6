import type { Simulator } from '../mosaic/simulator.ts';
import type { WorldStream } from '../world-streams.ts';
import type { SourceFates } from './missing-report.ts';
import type { Source } from './watch.ts';

/** What Mosaic's simulator knows of each stream, as the runner asks for it. */
export function simulatedSource(simulator: Simulator): SimulatedSource {
  const totals = new Map<string, number>();
  return {
    generate(streams, count, overPastMs) {
      const types = new Set(streams.map(({ type }) => type));
      for (const type of types) simulator.generate(type, count, { overPastMs });
      for (const stream of streams) totals.set(keyOf(stream), (totals.get(keyOf(stream)) ?? 0) + count);
    },
    generated: (stream) => totals.get(keyOf(stream)) ?? 0,
    waiting: (stream) => {
      const views = simulator.streams().filter(({ type, id }) => type === stream.type && id === stream.id);
      return views.reduce((sum, { backlog }) => sum + backlog, 0);
    },
    rawEvents: (stream) => simulator.generated(keyOf(stream)),
    fatesOf(stream, ids) {
      const fates = new Map<string, string>();
      if (ids.size === 0) return fates;
      for (const { id, fate, cause } of simulator.ledger(keyOf(stream))) {
        if (!ids.has(id)) continue;
        fates.set(id, cause === undefined ? fateTexts[fate] : `${fateTexts[fate]} (${cause})`);
      }
      return fates;
    },
  };
}

export interface SimulatedSource extends Source, SourceFates {
  /** Raises so many events of each stream's type, their own times spread over the time before. */
  generate(streams: readonly WorldStream[], count: number, overPastMs: number): void;
  rawEvents(stream: WorldStream): Iterable<Uint8Array>;
}

const fateTexts = {
  waiting: 'still in Mosaic',
  answered: 'answered and never journaled',
  damaged: 'answered in no readable form',
  lost: 'lost on the wire',
  returned: 'to come again from Mosaic',
  expired: 'expired in Mosaic',
} as const;

function keyOf({ type, id }: WorldStream): string {
  return `${type}/${id}`;
}
