import type { WriteStream } from 'node:tty';
import { MultiBar, type SingleBar } from 'cli-progress';
import { beginWaiting } from '../../cli/arguments/waiting.ts';
import { count } from '../../cli/text.ts';

/**
 * Shows how far a run is: a bar a stream on a terminal, plain lines elsewhere.
 *
 * It writes to stderr only, so that stdout holds the result and nothing else.
 *
 * @param now real milliseconds; plain lines are at least a second apart
 */
export function createProgress(output: ProgressOutput, now: () => number): Progress {
  return output.isTTY === true ? createBars(output, now) : createLines(output, now);
}

export interface Progress {
  /** Says what happens next, as one line. On a terminal that of `long` work counts the seconds until something else is said. */
  stage(text: string, what?: 'long'): void;
  update(streams: readonly StreamProgress[]): void;
  /** Leaves the terminal as it should be; safe to call twice. */
  stop(): void;
}

export interface StreamProgress {
  readonly type: string;
  /** The number at which the bar is full; 0 while it is not known. */
  readonly total: number;
  readonly collected: number;
  /** Events delivered to the destination that has fewest. */
  readonly delivered: number;
}

export type ProgressOutput = Pick<WriteStream, 'write'> & { readonly isTTY?: boolean };

function createBars(output: ProgressOutput, now: () => number): Progress {
  let bars: MultiBar | undefined;
  let endWaiting: (() => void) | undefined;
  const shown = new Map<string, SingleBar>();
  return {
    stage(text, what) {
      endWaiting?.();
      endWaiting = undefined;
      if (bars !== undefined) bars.log(`${text}\n`);
      else if (what === 'long') endWaiting = beginWaiting(text, output, { now });
      else output.write(`${text}\n`);
    },
    update(streams) {
      endWaiting?.();
      bars ??= new MultiBar({
        format: '{type} [{bar}] {collected} collected, {delivered} delivered of {wanted}',
        stream: output as WriteStream,
        hideCursor: true,
        clearOnComplete: false,
        stopOnComplete: false,
        emptyOnZero: true,
      });
      for (const { type, total, collected, delivered } of streams) {
        const texts = {
          type: type.padEnd(6),
          collected: count(collected),
          delivered: count(delivered),
          wanted: count(total),
        };
        const bar = shown.get(type) ?? bars.create(2 * total, 0, texts);
        shown.set(type, bar);
        bar.setTotal(2 * total);
        // Firehose delivers at the end of its interval, all at once. Without the collected events the bar would stand
        // still until then.
        bar.update(Math.min(collected, total) + Math.min(delivered, total), texts);
      }
    },
    stop() {
      endWaiting?.();
      bars?.stop();
      bars = undefined;
      shown.clear();
    },
  };
}

function createLines(output: ProgressOutput, now: () => number): Progress {
  let shown = '';
  let latest = '';
  let shownAt = Number.NEGATIVE_INFINITY;
  const show = (): void => {
    if (latest === shown) return;
    shown = latest;
    shownAt = now();
    output.write(`${latest}\n`);
  };
  return {
    stage(text) {
      output.write(`${text}\n`);
    },
    update(streams) {
      const parts = streams.map(
        ({ type, total, collected, delivered }) =>
          `${type} ${count(collected)} > ${count(delivered)} of ${count(total)}`,
      );
      latest = `collected > delivered: ${parts.join(', ')}`;
      if (now() - shownAt >= 1_000) show();
    },
    stop: show,
  };
}
