import type { Schedule } from './schedule-expression.ts';

/** How a stream is watched over. */
export interface Witness {
  readonly mode: 'detect' | 'recover';
  readonly schedule: Schedule;
  /** Its stream alone is taken over; the primary's `adopt` takes over both. */
  readonly adopt?: boolean;
}
