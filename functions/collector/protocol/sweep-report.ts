import type { RelayError } from '../../relay-error.ts';
import type { Counters } from './counters.ts';
import type { Gauges } from './gauges.ts';

export interface SweepReport extends Gauges {
  readonly counters: Counters;
  /** The first error of the pass; the other runs were swept all the same. */
  readonly error: RelayError | undefined;
  /** Forgotten runs that the audit opened again. */
  readonly reopened: number;
  /** Destinations that refused in this pass, with Firehose's code. */
  readonly refusing: Readonly<Record<string, string>>;
  /** Since the last run ended, or one that still holds the lease began; undefined where there has been none. */
  readonly sinceLastRunMs: number | undefined;
}
