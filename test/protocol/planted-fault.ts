import type { Configuration } from './configuration.ts';
import type { Rules } from './rules.ts';

/** Protocols that are wrong in one decision, and what has to notice. */
export interface PlantedFault {
  readonly says: string;
  /** One run of two batches, two destinations and two sweeps, unless another shows it. */
  readonly configuration?: Configuration;
  readonly change: Partial<Rules>;
  /** How the name of the invariant begins. */
  readonly breaks: string;
}
