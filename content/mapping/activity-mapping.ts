import type { DoesOf, EventClassName } from './classes.ts';

export type Outcome = 'success' | 'failure' | 'unknown';

/** OCSF's `severity_id` 1 to 4. A recommendation to deny is `high`, and nothing is above it. */
export type Severity = 'informational' | 'low' | 'medium' | 'high';

/** What an activity is: one class, what happened in it, how it ended, and how much it matters. */
export interface ActivityMapping {
  /** What happened, in a few words, as a chart or an alert would say it. */
  readonly says: string;
  readonly class: EventClassName;
  /** A key of the class's `does`. */
  readonly does: string;
  readonly outcome: Outcome;
  readonly severity: Severity;
}

export interface MappingOptions {
  /** Default: `success`. */
  readonly outcome?: Outcome;
  /** Default: `low` for a failure, else `informational`. */
  readonly severity?: Severity;
}

/** Writes one entry of the table. The class decides which words `does` may be. */
export function mapped<Name extends EventClassName>(
  says: string,
  className: Name,
  does: DoesOf<Name>,
  { outcome = 'success', severity = outcome === 'failure' ? 'low' : 'informational' }: MappingOptions = {},
): ActivityMapping {
  return { says, class: className, does, outcome, severity };
}

/** An entry for a step of a journey or a page. */
export function step(says: string, outcome: Outcome = 'unknown'): ActivityMapping {
  return mapped(says, 'step', 'other', { outcome, severity: 'informational' });
}
