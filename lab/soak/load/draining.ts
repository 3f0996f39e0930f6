import type { LineSizes } from './line-sizes.ts';
import { hourMs, type LoadRow, raisedAfter } from './load-row.ts';
import {
  type Draining,
  drainAllowance,
  drainMs,
  drainsFromMs,
  growthAllowed,
  oldestAllowed,
} from './load-verdict.ts';
import type { Sample, Undelivered } from './undelivered.ts';

/** Watches destinations drain after an outage or a burst, from its end until they hold no more than before. */
export interface DrainingWatch {
  /** A destination's draining; undefined where it has nothing to drain. */
  readonly drainings: readonly (Draining | undefined)[];
  /** Called once, at the end of the outage or burst. */
  begin(): void;
  /** Called after each acceptance. */
  look(destination: number): void;
}

export interface DrainingMeans {
  readonly row: LoadRow;
  readonly lines: LineSizes;
  readonly undelivered: Pick<Undelivered, 'now'>;
  readonly timeoutMs: number;
  /** Virtual ms since the row began. */
  readonly elapsedMs: () => number;
  /** The most bytes that any destination was owed before the outage or burst. */
  readonly usualBytes: () => number;
}

export function watchDraining(means: DrainingMeans): DrainingWatch {
  const { row, lines, undelivered, elapsedMs } = means;
  const drainings = new Array<Draining | undefined>(row.destinations).fill(undefined);
  const fromMs = drainsFromMs(row) ?? 0;
  const lasts = row.outageHours > 0 ? [row.destinations - 1] : [...drainings.keys()];
  let usual = 0;

  /**
   * True after an outage once a destination holds as little as before it, and nothing old; after a burst, once all
   * of its events are accepted.
   */
  const isDrained = ({ bytes, oldestMs }: Sample, atMs: number): boolean => {
    if (row.burst === undefined)
      return bytes <= usual * growthAllowed && oldestMs <= oldestAllowed(row, means.timeoutMs);
    const raisedSince = lines.upTo(raisedAfter(row, atMs)) - lines.upTo(raisedAfter(row, fromMs));
    return oldestMs === 0 && bytes <= raisedSince;
  };

  return {
    drainings,
    begin() {
      usual = means.usualBytes();
      for (const destination of lasts) {
        const owed = undelivered.now(destination).bytes;
        const allows = drainMs(owed, {
          quotaPerSecond: row.quotaMiBPerSecond * 1024 * 1024,
          loadPerSecond: (row.burst?.rateAfter ?? row.rate) * lines.mean,
          loadEndsInMs: row.hours * hourMs - fromMs,
        });
        drainings[destination] = { allowedMs: drainAllowance(row, allows), tookMs: undefined };
      }
    },
    look(destination) {
      const draining = drainings[destination];
      if (draining === undefined || draining.tookMs !== undefined) return;
      const atMs = elapsedMs();
      if (isDrained(undelivered.now(destination), atMs))
        drainings[destination] = { ...draining, tookMs: atMs - fromMs };
    },
  };
}
