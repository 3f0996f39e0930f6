import type { Configuration } from './configuration.ts';
import type { Rules } from './rules.ts';

/** What every step is taken by. */
export interface Means {
  readonly rules: Rules;
  readonly configuration: Configuration;
}
