import { durationText } from '../../../cli/text.ts';
import type { ProgressOutput } from '../../../local/run/progress.ts';
import type { Sample } from './undelivered.ts';

export interface LoadState {
  /** Virtual hours since the row began. */
  readonly hours: number;
  /** Of each destination, as it is now. */
  readonly undelivered: readonly Sample[];
}

/** Shows how far a row is: its title, and a line every ten seconds. `now` is in real milliseconds. */
export function showLoad(
  output: ProgressOutput,
  {
    title,
    state,
    now,
  }: { readonly title: string; readonly state: () => LoadState; readonly now: () => number },
): { stop(): void } {
  const startedAt = now();
  output.write(`${title}\n`);
  const timer = setInterval(() => {
    const { hours, undelivered } = state();
    const each = undelivered.map(({ bytes, oldestMs }) => `${mib(bytes)} (oldest ${durationText(oldestMs)})`);
    output.write(
      `  hour ${hours.toFixed(2)}: MiB undelivered ${each.join(', ')}; ${durationText(now() - startedAt)} so far\n`,
    );
  }, everyMs);
  return { stop: () => clearInterval(timer) };
}

const everyMs = 10_000;

function mib(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(1);
}
