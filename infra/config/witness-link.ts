import type { Schedule } from './schedule-expression.ts';

/** A stream's witness: its mode and schedule. */
export interface Witness {
  readonly mode: 'detect' | 'recover';
  readonly schedule: Schedule;
  /** Its stream alone is taken over; the primary's `adopt` takes over both. */
  readonly adopt?: boolean;
}
