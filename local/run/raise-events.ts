import type { LocalStage } from './opened-stage.ts';
import type { TrickleOptions } from './trickle/trickle-watch.ts';

/**
 * Raises events of each stream's type: all at once where the run has no length, else a part at a time until its
 * end.
 */
export function raiseEvents(
  { world: { clock }, source, streams }: Pick<LocalStage, 'world' | 'source' | 'streams'>,
  { count, lastsMs, everyMs = 30 * 60_000 }: RaiseOptions,
): { done(): boolean } {
  const parts = Math.max(1, Math.floor(lastsMs / everyMs));
  const startedAt = clock.now();
  let raised = 0;
  const raise = (part: number): void => {
    const upTo = Math.floor((count * (part + 1)) / parts);
    // The events' own times are spread over the minutes before.
    if (upTo > raised) source.generate(streams, upTo - raised, raisedOverMs);
    raised = upTo;
  };
  raise(0);
  for (let part = 1; part < parts; part += 1) clock.at(startedAt + part * everyMs, () => raise(part));
  return { done: () => raised === count };
}

/** Raises events of each stream's type one by one from now on. */
export function trickleEvents(
  { world: { clock }, simulator, streams }: Pick<LocalStage, 'world' | 'simulator' | 'streams'>,
  { eventsPerSecond, hours }: TrickleOptions,
): { done(): boolean } {
  const forMs = hours * 3_600_000;
  const until = clock.now() + forMs;
  for (const type of new Set(streams.map((stream) => stream.type)))
    simulator.trickle(type, { eventsPerSecond, forMs });
  return { done: () => clock.now() >= until };
}

export interface RaiseOptions {
  /** Of each type. */
  readonly count: number;
  readonly lastsMs: number;
  /** Time between two parts; half an hour when absent. */
  readonly everyMs?: number;
}

const raisedOverMs = 5 * 60_000;
