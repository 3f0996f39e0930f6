/** A stream of a process, as far as a waiting line needs it. */
interface Line {
  write(text: string): unknown;
}

/**
 * Says what is under way, on a terminal: a line that counts the seconds, so that a minute without anything else is seen to go on.
 *
 * @param clock real time, in milliseconds
 * @returns ends the line, which then says how long it took; safe to call twice
 */
export function beginWaiting(text: string, output: Line, clock: Partial<Clock> = {}): () => void {
  const { now, every } = { ...realClock, ...clock };
  const begunAt = now();
  const seconds = (): number => Math.floor((now() - begunAt) / 1_000);
  const draw = (end: string): void => {
    const took = seconds() === 0 ? '' : ` (${seconds()} s)`;
    output.write(`${startOfLine}${text}${took}${end}`);
  };
  draw(' …');
  const stop = every(1_000, () => draw(' …'));
  let ended = false;
  return () => {
    if (ended) return;
    ended = true;
    stop();
    draw('\n');
  };
}

/** Real time, in milliseconds, for what is drawn again and again. */
export interface Clock {
  now(): number;
  /** @returns what ends it */
  every(ms: number, effect: () => void): () => void;
}

export const realClock: Clock = {
  now: Date.now,
  every(ms, effect) {
    const timer = setInterval(effect, ms);
    // Nobody waits for the line alone.
    timer.unref();
    return () => clearInterval(timer);
  },
};

/** The first column, and nothing of what was on the line. */
const startOfLine = `\r${String.fromCharCode(27)}[2K`;
