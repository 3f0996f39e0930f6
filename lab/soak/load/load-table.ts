import type { LoadRow } from './load-row.ts';

/** A row whose load may be a share of the quota: how many events that is follows from the length of their lines. */
export interface PlannedRow extends Omit<LoadRow, 'rate'> {
  readonly load: { readonly share: number } | { readonly rate: number };
}

const hours = 3;

/**
 * The whole table, at a quota of 1 MiB/s or at a part of it: its loads go down with the quota, and what each row asks
 * stays the same.
 */
export function loadTable(quotaMiBPerSecond: number): readonly PlannedRow[] {
  const common = { quotaMiBPerSecond, hours, outageHours: 0 };
  const steady = [1, 2].flatMap((destinations) =>
    [1, 5, 15].flatMap((everyMinutes) =>
      shares.map((share) => ({ ...common, destinations, everyMinutes, load: { share } })),
    ),
  );
  const wide = shares.map((share) => ({ ...common, destinations: 8, everyMinutes: 5, load: { share } }));
  return [
    ...steady,
    ...wide,
    { ...common, destinations: 3, everyMinutes: 5, outageHours: 1, load: { share: 0.5 } },
    {
      ...common,
      destinations: 2,
      everyMinutes: 5,
      load: { rate: 700 * quotaMiBPerSecond },
      burst: { minutes: 20, rateAfter: 10 * quotaMiBPerSecond },
    },
  ];
}

const shares = [0.5, 0.7, 0.85];
