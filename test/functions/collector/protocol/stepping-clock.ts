import type { Clock } from '../../../../functions/collector/protocol/ports/clock.ts';

export interface SteppingClock extends Clock {
  set(now: number): void;
  /** The number of sleeps that are neither over nor aborted; absent where nobody counts them. */
  sleeping?(): number;
}

/**
 * A clock for cores over in-memory ports: when every promise has settled and only sleepers are left, it steps to
 * the one that wakes first. No real time passes.
 */
export function createSteppingClock(startAt = Date.parse('2026-03-01T12:00:00Z')): SteppingClock {
  let now = startAt;
  const sleepers = new Set<Sleeper>();
  let stepping = false;

  const step = (): void => {
    const next = firstToWake(sleepers);
    stepping = next !== undefined;
    if (next === undefined) return;
    now = Math.max(now, next.at);
    next.wake();
    setImmediate(step);
  };

  return {
    now: () => now,
    set: (time) => {
      now = time;
    },
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal.aborted) return resolve();
        const wake = (): void => {
          sleepers.delete(sleeper);
          resolve();
        };
        const sleeper = { at: now + ms, wake };
        sleepers.add(sleeper);
        signal.addEventListener('abort', wake, { once: true });
        if (!stepping) {
          stepping = true;
          setImmediate(step);
        }
      }),
    sleeping: () => sleepers.size,
    random: () => 0.5,
  };
}

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

/** Of those that wake at the same time, the one that fell asleep first. */
function firstToWake(sleepers: Iterable<Sleeper>): Sleeper | undefined {
  let first: Sleeper | undefined;
  for (const sleeper of sleepers) if (first === undefined || sleeper.at < first.at) first = sleeper;
  return first;
}
