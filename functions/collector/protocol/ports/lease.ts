import type { Lease, Meta } from '../../../stored/meta-item.ts';
import type { RunId } from '../../../stored/run-id.ts';

/** A run's wish for its stream's lease. Times are milliseconds since the epoch. */
export interface LeaseRequest extends RunId {
  readonly now: number;
  readonly until: number;
}

/** The answer to it. The lease saves work alone: two runs at once journal apart, and lose nothing. */
export type LeaseOutcome =
  | {
      readonly granted: true;
      /** The metadata before the lease was granted. */
      readonly meta: Meta | undefined;
      /** The lease of another run that never ended. */
      readonly interrupted: Lease | undefined;
      /** How many runs in a row never ended, that one included: none of them lived to tell of the others. */
      readonly neverEnded: number;
    }
  | { readonly granted: false; readonly holder: Lease };
