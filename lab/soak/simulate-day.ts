import { createRandom, type Interfere } from '@mosaic-relay/mosaic-simulator';
import type { LocalStage } from '../../local/run/opened-stage.ts';
import { createDestinationFaults } from '../faults/destination-faults.ts';
import { raisedBy } from './day-pattern.ts';
import { hourMs, type SoakOptions, type SoakResult, simulate } from './soak-part.ts';

/**
 * Simulates a day over four streams: events follow people, destinations fail, sweeps are killed, and Mosaic is
 * away for an hour.
 */
export function simulateDay({ events, seed, context }: SoakOptions): Promise<SoakResult> {
  const faults = createDestinationFaults(seed);
  const random = createRandom('soak', seed);
  const counts: Record<string, number> = {};
  const note = (fault: string): void => {
    counts[fault] = (counts[fault] ?? 0) + 1;
  };
  let awayFrom = Number.POSITIVE_INFINITY;
  const mosaic: Interfere = ({ at, operation }) => {
    if (operation !== 'collect' || at < awayFrom || at >= awayFrom + hourMs) return undefined;
    note('Mosaic away');
    return { before: { kind: 'status', status: 503 } };
  };
  return simulate(
    { events, seed, context },
    {
      name: 'day',
      types: ['cis', 'admin', 'risk', 'verify'],
      source: ['empty', 'expired-token'],
      mosaic,
      world: {
        ...faults.world,
        lambda: {
          beforeInvoke({ payload }) {
            if ((payload as { readonly task?: string } | undefined)?.task !== 'sweep' || !random.chance(0.02))
              return undefined;
            note('sweep killed');
            return { kill: { afterMs: random.below(300), cause: 'killed' } };
          },
        },
      },
      begin(stage) {
        awayFrom = stage.world.clock.now() + (2 + random.below(18)) * hourMs;
        faults.begin(stage);
        const allRaised = raiseOverTheDay(stage, Math.floor(events / stage.streams.length));
        return () => allRaised() && faults.over();
      },
      faults: (stage) => {
        for (const stream of stage.streams)
          for (const [name, times] of Object.entries(faults.befell(stream)))
            counts[name] = (counts[name] ?? 0) + times;
        return counts;
      },
    },
  );
}

const partMs = 5 * 60_000;

/** @param total events of each stream */
function raiseOverTheDay({ world: { clock }, source, streams }: LocalStage, total: number): () => boolean {
  const startedAt = clock.now();
  const day = { parts: (24 * hourMs) / partMs, total, startHour: new Date(startedAt).getUTCHours() };
  let part = 0;
  let raised = 0;
  const raise = (): void => {
    part += 1;
    const upTo = raisedBy(part, day);
    if (upTo > raised) source.generate(streams, upTo - raised, partMs);
    raised = upTo;
    if (part < day.parts) clock.at(startedAt + part * partMs, raise);
  };
  raise();
  return () => part === day.parts;
}
