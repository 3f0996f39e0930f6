import type { VirtualClock } from '../../clock/virtual-clock.ts';

/** The part of the clock that a paced process needs. */
export type PacingClock = Pick<VirtualClock, 'now' | 'at' | 'busy'>;

/** Resolves when the clock has moved on by `ms`, or when `until` has settled, whichever is first. */
export type Pause = (ms: number, until?: Promise<unknown>) => Promise<void>;

/**
 * Runs work that is busy, so that virtual time does not jump over it, except while it pauses. A plain promise on a
 * timer would leave a gap between the timer and what follows it, in which the clock could jump again.
 */
export async function runPaced<T>(clock: PacingClock, work: (pause: Pause) => Promise<T>): Promise<T> {
  let endStretch = (): void => {};
  const stretch = (): Promise<void> =>
    new Promise((resolve) => {
      endStretch = resolve;
    });
  const pause: Pause = (ms, until) =>
    new Promise((resume) => {
      let woken = false;
      const wake = (): Promise<void> | undefined => {
        if (woken) return undefined;
        woken = true;
        cancel();
        const next = stretch();
        resume();
        return next;
      };
      const wakeEarly = (): void => {
        const next = wake();
        if (next) void clock.busy(next);
      };
      const cancel = clock.at(clock.now() + ms, wake);
      until?.then(wakeEarly, wakeEarly);
      endStretch();
    });

  void clock.busy(stretch());
  try {
    return await work(pause);
  } finally {
    endStretch();
  }
}
