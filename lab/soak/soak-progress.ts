import type { WriteStream } from 'node:tty';
import { SingleBar } from 'cli-progress';
import { count } from '../../cli/text.ts';
import type { ProgressOutput } from '../../local/run/progress.ts';

/** Shows how far a part of the soak is: a bar on a terminal, a line every ten seconds elsewhere. */
export interface SoakProgress {
  update(now: SoakState): void;
  stop(): void;
}

export interface SoakState {
  /** Events that Mosaic handed out, that reached S3, and that were compared and removed. */
  readonly collected: number;
  readonly delivered: number;
  readonly compared: number;
  /** Virtual hours since the part began. */
  readonly hours: number;
}

/** @param now real milliseconds */
export function createSoakProgress(
  output: ProgressOutput,
  { name, events, now }: { readonly name: string; readonly events: number; readonly now: () => number },
): SoakProgress {
  const startedAt = now();
  const textOf = ({ collected, delivered, compared, hours }: SoakState): string => {
    const seconds = (now() - startedAt) / 1000;
    const perSecond = delivered / seconds;
    const left = perSecond === 0 ? '' : `, about ${minutes((events - delivered) / perSecond)} left`;
    return (
      `${count(collected)} collected, ${count(delivered)} delivered, ${count(compared)} compared of ${count(events)}; ` +
      `hour ${hours.toFixed(1)}; ${count(Math.round(perSecond))} events/s, ${minutes(seconds)} so far${left}`
    );
  };
  return output.isTTY === true ? bar(output, { name, events, textOf }) : lines(output, { name, now, textOf });
}

type TextOf = (state: SoakState) => string;

function bar(
  output: ProgressOutput,
  { name, events, textOf }: { readonly name: string; readonly events: number; readonly textOf: TextOf },
): SoakProgress {
  const shown = new SingleBar({
    format: `${name} [{bar}] {text}`,
    stream: output as WriteStream,
    barsize: 20,
    hideCursor: true,
    linewrap: null,
  });
  shown.start(events, 0, { text: '' });
  return {
    update: (state) => shown.update(Math.min(events, state.delivered), { text: textOf(state) }),
    stop: () => shown.stop(),
  };
}

const everyMs = 10_000;

function lines(
  output: ProgressOutput,
  { name, now, textOf }: { readonly name: string; readonly now: () => number; readonly textOf: TextOf },
): SoakProgress {
  let shownAt = Number.NEGATIVE_INFINITY;
  return {
    update(state) {
      if (now() - shownAt < everyMs) return;
      shownAt = now();
      output.write(`${name}: ${textOf(state)}\n`);
    },
    stop: () => undefined,
  };
}

function minutes(seconds: number): string {
  return seconds < 90 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`;
}
