import { closeBudgetMs, gaugesBudgetMs } from '../../functions/collector/budgets.ts';
import { longestCronGap } from './cron-gap.ts';
import { inWords } from './fields.ts';
import type { Stream } from './stream-settings.ts';
import { sweepDelays, sweepPeriodSeconds } from './ticks.ts';

/**
 * The share of a destination's put quota, 0..1, that a stream can use for good: a larger load is never delivered whole.
 *
 * Somebody puts to a destination while a run or a sweep is at work. With a timeout of `T` and a collect every `I`
 * seconds:
 *
 * - a run delivers from its tick until 8 s before its timeout, `D = T - 8`, at the whole quota;
 * - one that does so begins again at the first tick after its end, every `C = I * ceil(D / I)`;
 * - a sweep every 300 s delivers for the smaller of those and the timeout, less 10 s for its gauges,
 *   `P = min(300, T) - 10`, at the whole quota, or at half of it beside a run; then Firehose refuses what run and
 *   sweep put beyond one quota, so that time counts once.
 *
 * The share is the part of `C` that runs `[0, D)` and passes `[d + 300 n, d + 300 n + P)` cover, where `d` is from the
 * collect tick to the sweep tick, or the worst of all where two rates leave it open. From 5 minutes on, passes alone
 * cover 290 of 300 s, whatever the schedule: 96 % and more.
 */
export function deliverableShare({ schedule, timeout }: DeliveringStream): number {
  const delivering = timeout - closingSeconds;
  const interval =
    schedule.periodSeconds ?? longestCronGap(schedule.expression.slice('cron('.length, -1), 'UTC');
  const cycle = interval * Math.ceil(delivering / interval);
  const pass = Math.min(sweepPeriodSeconds, timeout) - gaugeSeconds;
  // A cycle is whole minutes, so that after five of them both begin together again.
  const runs = Array.from({ length: 5 }, (_, index) => index * cycle);
  const span = 5 * cycle;
  const shares = sweepDelays(schedule).map((delay) => {
    const twice = runs.reduce((sum, run) => sum + overlap({ run, delivering, delay, pass }), 0);
    return (runs.length * delivering + (span / sweepPeriodSeconds) * pass - twice) / span;
  });
  return Math.min(...shares);
}

export type DeliveringStream = Pick<Stream, 'name' | 'schedule' | 'timeout'>;

const closingSeconds = closeBudgetMs / 1_000;
const gaugeSeconds = gaugesBudgetMs / 1_000;
/** From here on nothing is worth a warning. */
const ampleTimeoutSeconds = 300;

/** Seconds of a run in which a pass is at work too. */
function overlap({
  run,
  delivering,
  delay,
  pass,
}: {
  readonly run: number;
  readonly delivering: number;
  readonly delay: number;
  readonly pass: number;
}): number {
  let seconds = 0;
  const first = Math.floor((run - delay) / sweepPeriodSeconds) * sweepPeriodSeconds + delay;
  for (let begins = first; begins < run + delivering; begins += sweepPeriodSeconds) {
    seconds += Math.max(0, Math.min(run + delivering, begins + pass) - Math.max(run, begins));
  }
  return seconds;
}

/** What the synth says of a timeout with which a part of the quota lies idle; undefined where there is nothing to say. */
export function timeoutWarning(
  stream: DeliveringStream,
  destinations: readonly { readonly name: string; readonly quotaMiBPerSecond: number }[],
): string | undefined {
  const { name, timeout } = stream;
  if (timeout >= ampleTimeoutSeconds || destinations.length === 0) return undefined;
  const share = deliverableShare(stream);
  const loads = destinations.map(
    (each) => `${Math.floor(share * each.quotaMiBPerSecond * 100) / 100} MiB/s to ${each.name}`,
  );
  return (
    `stream ${name}: with a timeout of ${inWords(timeout)} runs and sweeps can use ${Math.floor(share * 100)} % of the delivery quota, ` +
    `which is ${loads.join(' and ')}; what comes beyond that for long is never delivered whole. Give timeout: '${inWords(ampleTimeoutSeconds)}' or more.`
  );
}
