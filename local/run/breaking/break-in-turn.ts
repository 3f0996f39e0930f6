import type { VirtualClock } from '@mosaic-relay/cdk-loopback';
import type { BreakableDestinations } from './breakable-destinations.ts';

/**
 * Breaks one destination after the other, over and over. Each stays broken long enough for its alarm to go off,
 * and whole long enough for the alarm to recover.
 */
export function breakInTurn(
  destinations: Pick<BreakableDestinations, 'states' | 'set'>,
  clock: Pick<VirtualClock, 'now' | 'at'>,
): void {
  const names = destinations.states.map(({ name }) => name);
  const after = (ms: number, task: () => void) => clock.at(clock.now() + ms, task);
  const take = (turn: number): void => {
    const name = names[turn % names.length];
    if (name === undefined || !destinations.set(name, true)) return;
    after(brokenMs, () => {
      destinations.set(name, false);
      after(mendedMs, () => take(turn + 1));
    });
  };
  after(firstMs, () => take(0));
}

const minuteMs = 60_000;
const firstMs = 10 * minuteMs;
/** A stream that is collected every 15 minutes needs about half of it to notice. */
const brokenMs = 45 * minuteMs;
const mendedMs = 30 * minuteMs;
