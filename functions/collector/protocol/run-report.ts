import type { RelayError } from '../../relay-error.ts';
import type { Lease } from '../../stored/meta-item.ts';
import type { RunOutcome, RunRecord } from '../../stored/run-item.ts';
import type { Counters } from './counters.ts';

/** What a run tells at its end. */
export type RunReport =
  | { readonly kind: 'overlap'; readonly holder: Lease }
  | {
      readonly kind: 'ended';
      readonly record: RunRecord;
      /** How the run before ended; undefined where there was none. */
      readonly before: RunOutcome | undefined;
      readonly counters: Counters;
      readonly error: RelayError | undefined;
      /** Destinations whose rest is the sweep's, with the reason. */
      readonly left: Readonly<Record<string, string>>;
    };
