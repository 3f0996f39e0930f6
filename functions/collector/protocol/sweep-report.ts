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
  /** When the last run ended, in ms since the epoch; undefined where none has. */
  readonly lastRunAt: number | undefined;
}
