import { storyBetween } from '@mosaic-relay/mosaic-simulator';
import type { LocalStage } from './opened-stage.ts';
import type { ToldStory } from './options.ts';
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

/** Raises the events of a story up to its end as they happen. */
export function tellStory(
  stage: Pick<LocalStage, 'world' | 'simulator' | 'streams'>,
  { story, seed }: { readonly story: ToldStory; readonly seed: number },
): { done(): boolean } {
  const { clock } = stage.world;
  tellPart(stage, { seed, attacks: story.attacks, until: story.until });
  return { done: () => clock.now() >= story.until };
}

/** Raises the events of a story that happen from now on until a time, of the types that take part. */
export function tellPart(
  { world: { clock }, simulator, streams }: Pick<LocalStage, 'world' | 'simulator' | 'streams'>,
  { seed, attacks, until }: ToldStory & { readonly seed: number },
): void {
  const types = new Set<string>(streams.map(({ type }) => type));
  const part = storyBetween({ seed, attacks }, { from: clock.now(), until });
  simulator.tell(part.filter(({ type }) => types.has(type)));
}

export interface RaiseOptions {
  /** Of each type. */
  readonly count: number;
  readonly lastsMs: number;
  /** Time between two parts; half an hour when absent. */
  readonly everyMs?: number;
}

const raisedOverMs = 5 * 60_000;
