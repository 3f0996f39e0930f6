import { cronTicksPerDay } from './cron-gap.ts';
import { secondsPerMonth } from './prices.ts';

/** Ticks of a schedule in a month of 730 hours, on average over the years. */
export function ticksPerMonth(expression: string): number {
  const [, kind, inner = ''] = /^(rate|cron)\((.+)\)$/.exec(expression) ?? [];
  if (kind === 'cron') return (cronTicksPerDay(inner) * secondsPerMonth) / 86_400;
  const [count, unit = ''] = inner.split(' ');
  const seconds = Number(count) * (unitSeconds[unit.replace(/s$/, '')] ?? Number.NaN);
  if (!(seconds > 0)) throw new Error(`'${expression}' is no schedule that recurs`);
  return secondsPerMonth / seconds;
}

const unitSeconds: Readonly<Record<string, number>> = { minute: 60, hour: 3_600, day: 86_400 };
