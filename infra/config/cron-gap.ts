/**
 * The longest time, in seconds, between two ticks of a cron line in which `cronProblem` found no problem.
 *
 * Its year is left aside, since a line that ends has no usual gap. An hour is added where the zone may shift.
 */
export function longestCronGap(expression: string, timeZone: string): number {
  const { times, days } = ticksOfFourYears(expression);
  let previous: number | undefined;
  let longest = 0;
  for (const day of days) {
    for (const time of times) {
      const tick = day * 86_400 + time;
      longest = Math.max(longest, tick - (previous ?? tick));
      previous = tick;
    }
  }
  // A line that ticks but once in four years has no gap to measure.
  if (longest === 0) return daysOfFourYears * 86_400;
  return longest + (timeZone === 'UTC' ? 0 : 3_600);
}

/** Ticks of such a cron line a day, on average over four years. */
export function cronTicksPerDay(expression: string): number {
  const { times, days } = ticksOfFourYears(expression);
  return (times.length * days.length) / daysOfFourYears;
}

/** The seconds of a day at which a line ticks, and the days on which it does, counted from the first. */
function ticksOfFourYears(expression: string): { readonly times: number[]; readonly days: number[] } {
  const [minute = '', hour = '', dayOfMonth = '', month = '', dayOfWeek = ''] = expression
    .trim()
    .split(/\s+/);
  const minutes = valuesOf(minute, 0, 59);
  const times = valuesOf(hour, 0, 23).flatMap((each) => minutes.map((past) => each * 3_600 + past * 60));
  const months = new Set(valuesOf(month, 1, 12, monthNames));
  const days = Array.from({ length: daysOfFourYears }, (_, day) => day).filter((day) => {
    const date = new Date(firstDay + day * 86_400_000);
    if (!months.has(date.getUTCMonth() + 1)) return false;
    return dayOfMonth === '?' ? weekdayMatches(dayOfWeek, date) : dayMatches(dayOfMonth, date);
  });
  return { times, days };
}

/** The minutes of the hour at which a cron line may tick, ascending. */
export function cronMinutes(expression: string): readonly number[] {
  return valuesOf(expression.trim().split(/\s+/)[0] ?? '', 0, 59);
}

const monthNames = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const dayNames = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
/** Four years that hold one leap day, whichever they are. */
const firstDay = Date.UTC(2024, 0, 1);
const daysOfFourYears = 1_461;

/** `3`, `1-5`, `*`, `0/15`, `MON-FRI` and lists of them, ascending. */
function valuesOf(written: string, from: number, to: number, names: readonly string[] = []): number[] {
  const read = (text: string) => {
    const named = names.indexOf(text.toUpperCase());
    return named < 0 ? Number(text) : named + from;
  };
  const values = written.split(',').flatMap((part) => {
    const [range = '', step] = part.split('/');
    const [start, end] = range === '*' ? [from, to] : range.split('-').map(read);
    const last = end ?? (step === undefined ? start : to);
    const found: number[] = [];
    for (let value = start ?? from; value <= (last ?? to); value += Number(step ?? 1)) found.push(value);
    return found;
  });
  return [...new Set(values)].sort((a, b) => a - b);
}

/** `L`, `LW`, `15W` and plain days of a month. */
function dayMatches(written: string, date: Date): boolean {
  const day = date.getUTCDate();
  const last = daysInMonth(date);
  if (written === 'L') return day === last;
  const near = written === 'LW' ? last : /^\d+W$/.test(written) ? Number.parseInt(written, 10) : undefined;
  if (near !== undefined) return day === nearestWeekday(date, Math.min(near, last));
  return valuesOf(written, 1, 31).includes(day);
}

/** `L`, `6L`, `6#3` and plain days of a week, 1 for Sunday. */
function weekdayMatches(written: string, date: Date): boolean {
  const day = date.getUTCDate();
  const weekday = date.getUTCDay() + 1;
  if (written === 'L') return weekday === 7;
  if (/^[1-7]L$/.test(written)) {
    return weekday === Number(written[0]) && day + 7 > daysInMonth(date);
  }
  const [wanted, nth] = written.split('#');
  if (nth !== undefined) return weekday === Number(wanted) && Math.ceil(day / 7) === Number(nth);
  return valuesOf(written, 1, 7, dayNames).includes(weekday);
}

function daysInMonth(date: Date): number {
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
}

/** The weekday nearest to a day of the date's month, without leaving the month. */
function nearestWeekday(date: Date, day: number): number {
  const weekday = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), day)).getUTCDay();
  if (weekday === 6) return day === 1 ? 3 : day - 1;
  if (weekday === 0) return day === daysInMonth(date) ? day - 2 : day + 1;
  return day;
}
