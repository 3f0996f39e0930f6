import { dateText } from '../../cli/text.ts';
import type { Progress, StreamProgress } from './progress.ts';
import type { RunWatch } from './watch.ts';

/** Shows how far a run is several times a second, until it is ended. */
export function followProgress(
  progress: Progress,
  { watch, clock, lastsMs }: FollowOptions,
): FollowedProgress {
  const beganAt = clock.now();
  let said: string | undefined;
  let isOver = false;
  const show = (): void => {
    const streams = watch.progress();
    const share = lastsMs > 0 ? (clock.now() - beganAt) / lastsMs : shareOf(streams);
    const doing = said ?? doingOf(streams, share);
    progress.update({
      streams,
      // A share beyond the end says nothing about the time that redelivering takes.
      ...(said === undefined && share < 1 ? { share } : {}),
      doing: `${doing}, ${dateText(clock.now())} on the run's clock`,
    });
  };
  const showing = setInterval(show, 100);
  return {
    say(text) {
      said = text;
      show();
    },
    end() {
      clearInterval(showing);
      if (isOver) return;
      isOver = true;
      show();
      progress.stop();
    },
  };
}

export interface FollowedProgress {
  /** Says what is under way from now on. */
  say(text: string): void;
  /** Shows the last state; safe to call twice. */
  end(): void;
}

export interface FollowOptions {
  readonly watch: Pick<RunWatch, 'progress'>;
  /** The run's. */
  readonly clock: { now(): number };
  /** Virtual milliseconds for which events are raised or faults act; 0 where all events are there at the beginning. */
  readonly lastsMs: number;
}

function doingOf(streams: readonly StreamProgress[], share: number): string {
  if (streams.some(({ generated, collected }) => collected < generated)) return 'Collecting on the schedules';
  if (streams.some(({ collected, delivered }) => delivered < collected))
    return 'Delivering: Firehose holds events until its interval ends';
  return share < 1 ? 'Waiting for the next events' : 'Waiting for the last runs and sweeps to end';
}

/** Of all events, how many have made their two steps: collected, and delivered. */
function shareOf(streams: readonly StreamProgress[]): number {
  const sum = (of: (one: StreamProgress) => number) => streams.reduce((total, one) => total + of(one), 0);
  const generated = sum((one) => one.generated);
  return generated === 0 ? 0 : sum(({ collected, delivered }) => collected + delivered) / (2 * generated);
}
