import { inWords, largeUnits } from '../../infra/config/fields.ts';
import type { StreamSchedule } from './stream-schedule.ts';

/** `every 5 minutes`, `0 6 ? * MON-FRI * Europe/Berlin`, with `paused` before it while it is off. */
export function describeSchedule({ expression, timeZone, on }: StreamSchedule): string {
  const [, rate, cron] = /^(?:rate\((.+)\)|cron\((.+)\))$/.exec(expression) ?? [];
  const written = cron === undefined ? expression : `${cron} ${timeZone}`;
  const period = rate ?? periodOf(cron);
  const when = period === undefined ? written : `every ${period}`;
  return on ? when : `paused (${when})`;
}

/**
 * The period of a cron line that ticks every so many minutes. The synth writes such lines for `every` in the
 * settings.
 */
function periodOf(cron = ''): string | undefined {
  const [line, minutes = '60'] = /^0(?:\/(\d+))? \* \* \* \? \*$/.exec(cron) ?? [];
  return line === undefined || 60 % Number(minutes) !== 0
    ? undefined
    : inWords(Number(minutes) * 60, largeUnits);
}
