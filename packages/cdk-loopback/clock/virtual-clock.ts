import { createResting, type Rest } from './resting.ts';

/**
 * A clock that jumps over the time in which nothing happens.
 *
 * While work is in progress time flows at its real speed; while there is none it stands still, and `advance`
 * moves it to the next timer. So a simulated day lasts as long as its runs, and what a run measures is real.
 */
export interface VirtualClock {
  /** Milliseconds since the epoch; never goes back. */
  now(): number;
  /** Runs the task at `time`, or as soon as possible when that has passed. A task that is async counts as busy. */
  at(time: number, task: () => unknown): Cancel;
  /** Marks work during which the clock flows and does not jump; answers the same promise. */
  busy<T>(work: Promise<T>): Promise<T>;
  /**
   * Says that one busy work only waits: for time to pass, or for calls that are held. Once all busy work does, the
   * clock moves on to what is due first, and tells those that waited.
   * @returns what ends the waiting, when the work goes on by itself
   */
  rest(rest: Rest): Cancel;
  /**
   * Says that a server of this run keeps a call to its port waiting: until a timer of this clock, or for good.
   * @returns what ends that, when the call is answered or its caller has gone
   */
  hold(port: number): Cancel;
  /**
   * Waits until nothing is busy, moves to the next timer, runs what is due then, and waits for its work.
   * @returns false when there was no timer to move to
   * @throws what a task threw, here or since the last call
   */
  advance(): Promise<boolean>;
  /** Advances until `done` (asked whenever nothing is busy); false when time would pass `limit` or no timer is left. */
  runUntil(done: () => boolean | Promise<boolean>, limit: number): Promise<boolean>;
  /** When the next timer is due. */
  next(): number | undefined;
  /** `now()` minus the machine's own clock: what a function's process is told. */
  readonly offsetMs: number;
  /** Forgets all timers. */
  close(): void;
}

export type Cancel = () => void;

export interface VirtualClockOptions {
  /** Milliseconds since the epoch. The machine's time when absent, and always in mode `real`. */
  readonly startAt?: number;
  /** `real` never jumps: against a real API its time is the only one there is. */
  readonly mode?: 'jumping' | 'real';
}

export function createVirtualClock(options: VirtualClockOptions = {}): VirtualClock {
  const jumping = (options.mode ?? 'jumping') === 'jumping';
  const timers = new TimerQueue();
  const failures: unknown[] = [];
  let instant = options.startAt ?? Date.now();
  let flowingSince: number | undefined;
  let pending = 0;
  let idleWaiters: (() => void)[] = [];
  const resting = createResting();
  let armed: NodeJS.Timeout | undefined;
  let advancing: Promise<boolean> | undefined;

  const now = () => {
    if (!jumping) return Date.now();
    return Math.floor(instant + (flowingSince === undefined ? 0 : performance.now() - flowingSince));
  };

  const hold = () => {
    if (pending++ === 0 && jumping) flowingSince = performance.now();
    arm();
  };
  const release = () => {
    if (--pending > 0) return skipRest();
    if (jumping) {
      instant = now();
      flowingSince = undefined;
    }
    arm();
    const waiters = idleWaiters;
    idleWaiters = [];
    for (const resume of waiters) resume();
  };
  const skipRest = () => {
    if (!jumping || pending === 0 || !resting.covers(pending)) return;
    const due = Math.min(timers.next() ?? Number.POSITIVE_INFINITY, resting.due());
    if (due === Number.POSITIVE_INFINITY || due <= now()) return;
    instant = due;
    flowingSince = performance.now();
    const moved = resting.wake();
    // Before any timer fires: who is answered then knows what time it is.
    for (const { onMoved } of moved) onMoved();
    arm();
  };
  const busy = <T>(work: Promise<T>): Promise<T> => {
    hold();
    // The caller handles the rejection; here it only ends the work.
    work.then(release, release);
    return work;
  };
  const idle = async () => {
    // Work often ends by starting more (an answer that the next step awaits), so look again after the callbacks.
    for (;;) {
      await new Promise<void>((resume) => setImmediate(resume));
      if (pending === 0) return;
      await new Promise<void>((resume) => idleWaiters.push(resume));
    }
  };

  const arm = () => {
    clearTimeout(armed);
    armed = undefined;
    const due = timers.next();
    if (due === undefined || (jumping && flowingSince === undefined)) return;
    // A longer delay would overflow setTimeout's 32 bits and fire at once.
    armed = setTimeout(fireDue, Math.min(Math.max(0, due - now()), 2 ** 31 - 1));
  };
  const fireDue = () => {
    for (let task = timers.takeDue(now()); task !== undefined; task = timers.takeDue(now())) {
      const run = task;
      busy(Promise.resolve().then(run)).catch((error: unknown) => failures.push(error));
    }
    arm();
  };
  const rethrow = () => {
    if (failures.length > 0) throw failures.shift();
  };

  const step = async (): Promise<boolean> => {
    await idle();
    rethrow();
    const due = timers.next();
    if (due === undefined) return false;
    if (jumping) {
      instant = Math.max(instant, due);
    } else {
      await new Promise<void>((resume) => setTimeout(resume, Math.min(Math.max(0, due - now()), 1_000)));
    }
    // A task may set another timer for this same instant.
    do {
      fireDue();
      await idle();
      rethrow();
    } while ((timers.next() ?? Number.POSITIVE_INFINITY) <= now());
    return true;
  };
  const advance = (): Promise<boolean> => {
    // Two callers that each jumped would skip the work that the other is waiting for.
    advancing ??= step().finally(() => {
      advancing = undefined;
    });
    return advancing;
  };

  return {
    now,
    at: (time, task) => {
      // now() gives whole milliseconds: a timer between two would not be due at the one that the clock stops at.
      const cancel = timers.add(Math.ceil(time), task);
      arm();
      return cancel;
    },
    busy,
    rest: (rest) => {
      const end = resting.add(rest);
      skipRest();
      return end;
    },
    hold: (port) => {
      const end = resting.hold(port);
      skipRest();
      return end;
    },
    advance,
    runUntil: async (done, limit) => {
      for (;;) {
        await idle();
        rethrow();
        if (await done()) return true;
        const due = timers.next();
        if (due === undefined || Math.max(due, now()) > limit) return false;
        await advance();
      }
    },
    next: () => timers.next(),
    get offsetMs() {
      return jumping ? now() - Date.now() : 0;
    },
    close: () => {
      timers.clear();
      clearTimeout(armed);
    },
  };
}

/** Timers in the order they are due; those of one instant in the order they were set. */
class TimerQueue {
  readonly #entries: { readonly time: number; readonly task: () => unknown }[] = [];

  add(time: number, task: () => unknown): Cancel {
    const entry = { time, task };
    const after = this.#entries.findIndex((other) => other.time > time);
    this.#entries.splice(after < 0 ? this.#entries.length : after, 0, entry);
    return () => {
      const at = this.#entries.indexOf(entry);
      if (at >= 0) this.#entries.splice(at, 1);
    };
  }

  next(): number | undefined {
    return this.#entries[0]?.time;
  }

  takeDue(now: number): (() => unknown) | undefined {
    return (this.next() ?? Number.POSITIVE_INFINITY) <= now ? this.#entries.shift()?.task : undefined;
  }

  clear(): void {
    this.#entries.length = 0;
  }
}
