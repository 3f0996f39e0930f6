import type { Asking } from '../../stored/meta-item.ts';

/**
 * How many events a run asks for, from one collect to the next.
 *
 * An unknown outcome makes half of what was asked the ceiling for an hour. A cautious run starts at ten at most. From
 * there each ask is the greater of the last and twice the events that came, never above ceiling or setting. Nothing
 * shrinks but by a failure. So a source that is too slow for full batches costs a few batches on the way down, and
 * then at most one an hour to learn whether it is well again.
 */
export interface AskingPolicy {
  /** What to ask for now, 1..1000. */
  next(now: number): number;
  /** An answer of so many events came. */
  answered(events: number): void;
  /** A collect that asked for so many ended in an unknown outcome. */
  failed(asked: number, now: number): void;
  /** What the next run has to know; undefined where the setting holds. */
  kept(now: number): Asking | undefined;
}

export function createAskingPolicy(
  stored: Asking | undefined,
  { setting, cautious }: { readonly setting: number; readonly cautious: boolean },
): AskingPolicy {
  let batchSize = Math.min(setting, stored?.batchSize ?? setting, cautious ? cautiousBatchSize : setting);
  let ceiling = stored?.ceiling;
  const ceilingAt = (now: number): number =>
    ceiling === undefined || ceiling.until <= now ? setting : Math.min(setting, ceiling.batchSize);
  return {
    next: (now) => Math.min(batchSize, ceilingAt(now)),
    answered(events) {
      batchSize = Math.min(setting, Math.max(batchSize, 2 * events));
    },
    failed(asked, now) {
      ceiling = { batchSize: Math.max(1, Math.floor(asked / 2)), until: now + ceilingMs };
      batchSize = Math.min(batchSize, ceiling.batchSize);
    },
    kept(now) {
      const holds = ceiling !== undefined && ceiling.until > now;
      if (batchSize === setting && !holds) return undefined;
      return { batchSize, ...(holds ? { ceiling } : {}) };
    },
  };
}

/** The most that is lost if the first answer of a cautious run cannot be journaled. */
const cautiousBatchSize = 10;
const ceilingMs = 3_600_000;
