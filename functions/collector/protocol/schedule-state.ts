/** The collect schedule, as a sweep finds it. Times are ms since the epoch. */
export type ScheduleState =
  | { readonly kind: 'on' | 'off'; readonly changedAt: number | undefined }
  /** Switched off by `relay pause`, on purpose. */
  | { readonly kind: 'paused' }
  | { readonly kind: 'gone' };
