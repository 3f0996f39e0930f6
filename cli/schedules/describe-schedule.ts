import type { StreamSchedule } from './stream-schedule.ts';

/** `every 5 minutes`, `0 6 ? * MON-FRI * Europe/Berlin`, with `paused` before it while it is off. */
export function describeSchedule({ expression, timeZone, on }: StreamSchedule): string {
  const [, rate, cron] = /^(?:rate\((.+)\)|cron\((.+)\))$/.exec(expression) ?? [];
  const written = cron === undefined ? expression : `${cron} ${timeZone}`;
  const when = rate === undefined ? written : `every ${rate}`;
  return on ? when : `paused (${when})`;
}
