import { Cron } from 'croner';

/** When a schedule is due, as EventBridge Scheduler reads its expression. */
export interface Occurrences {
  /** The first instant at or after `time` (milliseconds since the epoch); undefined when there is none. */
  from(time: number): number | undefined;
}

const unitMs: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/**
 * Reads `rate(…)`, `cron(…)` or `at(…)`.
 *
 * @param startAt when the schedule was created, or its StartDate: a rate begins at once and counts from there
 * @throws naming what is wrong with the expression or the time zone
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */
export function readExpression(expression: string, timeZone: string, startAt: number): Occurrences {
  // Throws on a time zone that is none, which croner notices only later.
  new Intl.DateTimeFormat('en', { timeZone });
  const [, kind, argument = ''] = expression.match(/^(rate|cron|at)\((.+)\)$/) ?? [];
  if (kind === 'rate') return rate(argument, startAt, expression);
  if (kind === 'cron') return cron(argument, timeZone, expression);
  if (kind === 'at') return at(argument, timeZone, expression);
  throw new Error(`${expression} is none of rate(…), cron(…) and at(…)`);
}

function rate(argument: string, startAt: number, expression: string): Occurrences {
  const [, value, unit = ''] = argument.match(/^([1-9]\d*) (minute|hour|day)s?$/) ?? [];
  if (value === undefined) throw new Error(`${expression}: a rate is a number and minutes, hours or days`);
  const periodMs = Number(value) * (unitMs[unit] ?? Number.NaN);
  return { from: (time) => startAt + Math.ceil(Math.max(0, time - startAt) / periodMs) * periodMs };
}

function cron(argument: string, timeZone: string, expression: string): Occurrences {
  const fields = argument.trim().split(/\s+/);
  if (fields.length !== 6) throw new Error(`${expression}: a cron line has six fields`);
  if ((fields[2] === '?') === (fields[4] === '?'))
    throw new Error(`${expression}: either the day of the month or the day of the week must be ?`);
  const pattern = new Cron(`0 ${fields.join(' ')}`, {
    timezone: timeZone,
    mode: '7-part',
    // Sunday is 1, and `0/15` is a step from 0.
    alternativeWeekdays: true,
    sloppyRanges: true,
  });
  return {
    from: (time) => {
      let cursor = new Date(time - 1);
      for (;;) {
        const next = pattern.nextRun(cursor);
        if (next === null) return undefined;
        // Scheduler skips what daylight saving takes away, and runs once what it repeats; croner does otherwise.
        if (pattern.match(next) && !isRepeated(next, timeZone)) return next.getTime();
        cursor = next;
      }
    },
  };
}

function at(argument: string, timeZone: string, expression: string): Occurrences {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(argument))
    throw new Error(`${expression}: a one-time schedule is at(yyyy-mm-ddThh:mm:ss)`);
  const once = new Cron(argument, { timezone: timeZone }).getOnce()?.getTime();
  return { from: (time) => (once !== undefined && once >= time ? once : undefined) };
}

/** True if the clocks of the time zone have already shown this time of day within the last two hours. */
function isRepeated(time: Date, timeZone: string): boolean {
  const format = new Intl.DateTimeFormat('en', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
  const shown = format.format(time);
  return [30, 60, 120].some((minutes) => format.format(time.getTime() - minutes * 60_000) === shown);
}
