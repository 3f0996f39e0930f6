import { secondsOf } from './fields.ts';

/** A stream's schedule, from its `every`, or from its `cron` and `timeZone`. */
export interface Schedule {
  /** As the settings have it, in Scheduler's words: `rate(5 minutes)`, `cron(0 6 ? * MON-FRI *)`. See `ticks.ts`. */
  readonly expression: string;
  readonly timeZone: string;
  /** Absent for a cron line. */
  readonly periodSeconds?: number;
  /** The longest time between two ticks. */
  readonly longestGapSeconds: number;
}

/** Reads the seconds between two ticks of `every`, or the text's problem. */
export function readEvery(written: string): number | { readonly problem: string } {
  const give = "give whole minutes, hours or days, such as '5 minutes', '1 hour' or '2 days'";
  const seconds = secondsOf(written, { minute: 60, hour: 3600, day: 86_400 });
  if (seconds === undefined) return { problem: `'${written}' is no schedule; ${give}` };
  if (seconds > longestPeriod) return { problem: `'${written}' is above 7 days; ${give}` };
  return seconds;
}

/** Mosaic keeps uncollected events for days at most, and its guide names one day. */
const longestPeriod = 7 * 86_400;

/** The `rate(…)` of a period of whole minutes, in Scheduler's grammar: singular for one, plural for more. */
export function rateExpression(seconds: number): string {
  for (const [unit, length] of [
    ['day', 86_400],
    ['hour', 3600],
    ['minute', 60],
  ] as const) {
    if (seconds % length !== 0) continue;
    const count = seconds / length;
    return `rate(${count} ${unit}${count === 1 ? '' : 's'})`;
  }
  throw new Error(`${seconds} s is not a whole number of minutes`);
}

/**
 * The problem of a cron line, if it has one. @see EventBridge Scheduler user guide, "Schedule types": six fields,
 * one of the two day fields is `?`
 */
export function cronProblem(written: string): string | undefined {
  const give =
    "give six fields: minutes hours day-of-month month day-of-week year, such as '0 6 ? * MON-FRI *'";
  const parts = written.trim().split(/\s+/);
  if (parts.length !== 6) return `'${written}' has ${parts.length} fields; ${give}`;
  const wrong = cronFields.filter((field, index) => !fits(parts[index] ?? '', field)).map(({ name }) => name);
  if (wrong.length > 0) return `'${written}' has a wrong ${wrong.join(' and ')}; ${give}`;
  if ((parts[2] === '?') === (parts[4] === '?')) {
    return `'${written}' must have ? in exactly one of day-of-month and day-of-week; ${give}`;
  }
  return undefined;
}

/** True if this runtime, and so Scheduler's IANA database, knows the zone. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return /^[A-Z]/.test(name);
  } catch {
    return false;
  }
}

interface CronField {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly words?: readonly string[];
  /** Forms that only this field knows. */
  readonly special?: RegExp;
}

const cronFields: readonly CronField[] = [
  { name: 'minute', from: 0, to: 59 },
  { name: 'hour', from: 0, to: 23 },
  { name: 'day of month', from: 1, to: 31, special: /^(\?|L|LW|([1-9]|[12]\d|3[01])W)$/ },
  {
    name: 'month',
    from: 1,
    to: 12,
    words: ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'],
  },
  {
    name: 'day of week',
    from: 1,
    to: 7,
    words: ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'],
    special: /^(\?|L|[1-7]L|[1-7]#[1-5])$/,
  },
  { name: 'year', from: 1970, to: 2199 },
];

function fits(written: string, field: CronField): boolean {
  if (field.special?.test(written)) return true;
  return written.split(',').every((part) => {
    const [range = '', step, ...more] = part.split('/');
    if (more.length > 0 || (step !== undefined && !/^[1-9]\d{0,3}$/.test(step))) return false;
    if (range === '*') return true;
    const ends = range.split('-').map((end) => cronValue(end, field));
    if (ends.length > 2 || ends.some((end) => end === undefined)) return false;
    return ends.length === 1 || (ends[0] as number) <= (ends[1] as number);
  });
}

function cronValue(written: string, { from, to, words }: CronField): number | undefined {
  const word = words?.indexOf(written.toUpperCase()) ?? -1;
  const value = word >= 0 ? word + from : /^\d{1,4}$/.test(written) ? Number(written) : Number.NaN;
  return value >= from && value <= to ? value : undefined;
}
