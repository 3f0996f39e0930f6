import { WrongUse } from '../../../cli/arguments/wrong-use.ts';
import type { SoakFlags } from '../soak-program.ts';
import { hourMs, outageFromMs } from './load-row.ts';
import type { PlannedRow } from './load-table.ts';

/**
 * The row that the flags of `npm run soak -- --load` describe.
 *
 * @returns undefined where no flag describes a row: the whole table is asked for
 * @throws {WrongUse} for an outage that the hours do not hold
 */
export function askedRow({
  quota,
  rate,
  destinations,
  every,
  hours,
  outage,
}: Pick<SoakFlags, RowFlag>): PlannedRow | undefined {
  if ([quota, rate, destinations, every, hours, outage].every((one) => one === undefined)) return undefined;
  const row: PlannedRow = {
    quotaMiBPerSecond: quota ?? 1,
    load: rate === undefined ? { share: 0.7 } : { rate },
    destinations: destinations ?? 2,
    everyMinutes: every ?? 5,
    hours: hours ?? 3,
    outageHours: outage ?? 0,
  };
  if (outage === undefined || outage <= row.hours - outageFromMs / hourMs) return row;
  throw new WrongUse(
    `--outage ${outage} does not end within --hours ${row.hours}: the outage begins after half an hour`,
  );
}

type RowFlag = 'quota' | 'rate' | 'destinations' | 'every' | 'hours' | 'outage';
