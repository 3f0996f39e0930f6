import { z } from 'zod';
import { nearest } from './nearest.ts';

/**
 * The kinds of value that a settings file holds, each refusing in words that say what would be right.
 *
 * A message follows a path and a colon: `stages.dev.streams[2].batchSize: 1001 is above 1000; give 1..1000`.
 */

/** A whole number within `minimum..maximum`. */
export function wholeNumber(minimum: number, maximum: number) {
  const give = `give ${minimum}..${maximum}`;
  return z
    .number({ error: ({ input }) => `${isNot(input, 'a number')}; ${give}` })
    .int({ error: ({ input }) => `${String(input)} is not a whole number; ${give}` })
    .min(minimum, { error: ({ input }) => `${String(input)} is below ${minimum}; ${give}` })
    .max(maximum, { error: ({ input }) => `${String(input)} is above ${maximum}; ${give}` });
}

/** A number above `minimum` and up to `maximum`. */
export function positiveNumber(maximum: number) {
  const give = `give a number above 0 and up to ${maximum}`;
  return z
    .number({ error: ({ input }) => `${isNot(input, 'a number')}; ${give}` })
    .positive({ error: ({ input }) => `${String(input)} is not above 0; ${give}` })
    .max(maximum, { error: ({ input }) => `${String(input)} is above ${maximum}; ${give}` });
}

/** A text that `pattern` matches; `give` says in words what it stands for, and `known` are texts that somebody may have meant. */
export function text(pattern: RegExp, give: string, known: readonly string[] = []) {
  return z.string({ error: ({ input }) => `${isNot(input, 'a text')}; give ${give}` }).regex(pattern, {
    error: ({ input }) => `${shown(input)} will not do; ${meant(input, known) ?? `give ${give}`}`,
  });
}

/** One of a few words. */
export function oneOf<const Words extends readonly [string, ...string[]]>(words: Words) {
  return z.enum(words, {
    error: ({ input }) =>
      `${isNot(input, 'known')}; ${meant(input, words) ?? `give ${words.map((word) => `'${word}'`).join(' or ')}`}`,
  });
}

/** `true` or `false`. */
export function flag() {
  return z.boolean({ error: ({ input }) => `${isNot(input, 'true or false')}; give true or false` });
}

/** A duration such as `'90 seconds'` or `'5 minutes'`, as seconds within `minimum..maximum`. */
export function duration(minimum: number, maximum: number) {
  const give = `give '${inWords(minimum)}' to '${inWords(maximum)}'`;
  return z
    .string({ error: ({ input }) => `${isNot(input, 'a duration')}; ${give}` })
    .transform((written, context) => {
      const seconds = secondsOf(written, { second: 1, minute: 60 });
      if (seconds === undefined) {
        context.addIssue(`${shown(written)} is not a duration in whole seconds or minutes; ${give}`);
        return z.NEVER;
      }
      if (seconds < minimum) context.addIssue(`'${written}' is below ${inWords(minimum)}; ${give}`);
      if (seconds > maximum) context.addIssue(`'${written}' is above ${inWords(maximum)}; ${give}`);
      return seconds;
    });
}

/** A duration such as `'90 minutes'`, `'6 hours'` or `'3 days'`, as seconds within `minimum..maximum`. */
export function span(minimum: number, maximum: number) {
  const give = `give '${inWords(minimum, largeUnits)}' to '${inWords(maximum, largeUnits)}'`;
  return z
    .string({ error: ({ input }) => `${isNot(input, 'a duration')}; ${give}` })
    .transform((written, context) => {
      const seconds = secondsOf(written, { minute: 60, hour: 3_600, day: 86_400 });
      if (seconds !== undefined && seconds >= minimum && seconds <= maximum) return seconds;
      const wrong =
        seconds === undefined ? 'is not a duration in whole minutes, hours or days' : 'will not do';
      context.addIssue(`${shown(written)} ${wrong}; ${give}`);
      return z.NEVER;
    });
}

/** The seconds of `'<n> <unit>'` or `'<n> <unit>s'`, n from 1; undefined for anything else. */
export function secondsOf(written: string, units: Readonly<Record<string, number>>): number | undefined {
  const match = /^([1-9]\d{0,5}) ([a-z]+?)s?$/.exec(written);
  const unit = units[match?.[2] ?? ''];
  return match === null || unit === undefined ? undefined : Number(match[1]) * unit;
}

/** The end of a message about a word that is none of `names`, if one of them is near. */
export function meant(written: unknown, names: readonly string[]): string | undefined {
  const name = typeof written === 'string' ? nearest(written, names) : undefined;
  return name === undefined ? undefined : `did you mean '${name}'?`;
}

/** A value as it stands in the file, shortened. */
export function shown(value: unknown): string {
  const written = typeof value === 'string' ? `'${value}'` : (JSON.stringify(value) ?? String(value));
  return written.length > 80 ? `${written.slice(0, 77)}...` : written;
}

function isNot(input: unknown, what: string): string {
  return input === undefined ? 'is missing' : `${shown(input)} is not ${what}`;
}

export const largeUnits = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const;

/** Seconds in the largest of `units` that divides them. */
export function inWords(
  seconds: number,
  units: readonly (readonly [string, number])[] = [['minute', 60]],
): string {
  const [unit, length] = units.find(([, each]) => seconds % each === 0) ?? ['second', 1];
  const count = seconds / length;
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
