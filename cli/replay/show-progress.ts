import { SingleBar } from 'cli-progress';
import type { Terminal } from '../command.ts';
import type { ReplayProgress } from './replay.ts';

/** Shows a progress bar during a replay, only on a terminal. */
export function replayProgress(terminal: Terminal): {
  readonly update: (progress: ReplayProgress) => void;
  readonly stop: () => void;
} {
  if (!terminal.isTerminal) return { update: () => undefined, stop: () => undefined };
  const bar = new SingleBar({
    format: '{bar} {value}/{total} objects, {events} events',
    hideCursor: true,
    clearOnComplete: true,
    // Results go to stdout.
    stream: process.stderr,
  });
  let started = false;
  return {
    update({ objects, ofObjects, events }) {
      const payload = { events: events.toLocaleString('en') };
      if (!started) bar.start(ofObjects, objects, payload);
      else bar.update(objects, payload);
      started = true;
    },
    stop: () => bar.stop(),
  };
}
