import { parseArgs } from 'node:util';
import { CommandError } from './command.ts';

/** A flag of a command: `value` is what stands for its value in messages, absent for a switch. */
export interface ArgumentFlag {
  readonly value?: string;
}

export type Arguments<Flags extends Readonly<Record<string, ArgumentFlag>>> = {
  readonly [Name in keyof Flags]?: Flags[Name] extends { readonly value: string } ? string : true;
};

/**
 * Reads a command's flags. A value may begin with a dash where a digit follows, as in `--from -2h`.
 *
 * @throws {CommandError} with exit code 2, naming the flag and what would be right
 */
export function readArguments<const Flags extends Readonly<Record<string, ArgumentFlag>>>(
  args: readonly string[],
  flags: Flags,
): Arguments<Flags> {
  const { tokens } = parseArgs({
    args: [...args],
    options: Object.fromEntries(
      Object.entries(flags).map(([name, { value }]) => [
        name,
        { type: value === undefined ? ('boolean' as const) : ('string' as const) },
      ]),
    ),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const given: Record<string, string | true> = {};
  for (const token of tokens) {
    if (token.kind === 'positional') throw new CommandError(`"${token.value}" is no flag; --help lists them`);
    if (token.kind === 'option-terminator') continue;
    const flag = Object.hasOwn(flags, token.name) ? flags[token.name] : undefined;
    if (flag === undefined) throw new CommandError(`there is no flag ${token.rawName}; --help lists them`);
    if (Object.hasOwn(given, token.name)) throw new CommandError(`--${token.name} is given twice`);
    given[token.name] = valueGiven(token, flag);
  }
  return given as Arguments<Flags>;
}

interface OptionToken {
  readonly name: string;
  readonly value?: string | undefined;
  readonly inlineValue?: boolean | undefined;
}

function valueGiven({ name, value, inlineValue }: OptionToken, flag: ArgumentFlag): string | true {
  if (flag.value === undefined) {
    if (value !== undefined) throw new CommandError(`--${name} takes no value`);
    return true;
  }
  // A value that begins with a dash is a forgotten value, unless it was joined by "=" or is a time ago.
  if (value === undefined || value === '' || (!inlineValue && /^-\D/.test(value))) {
    throw new CommandError(`--${name} needs a value: --${name} ${flag.value}`);
  }
  return value;
}

/** A whole number within a range. @throws {CommandError} */
export function wholeNumber(
  flag: string,
  value: string,
  range: { readonly from: number; readonly to: number },
): number {
  const number = /^\d{1,10}$/.test(value) ? Number(value) : Number.NaN;
  if (number >= range.from && number <= range.to) return number;
  throw new CommandError(`--${flag} "${value}" is no whole number from ${range.from} to ${range.to}`);
}

/**
 * A moment: ISO 8601, UTC where it names no zone, or so long ago, as `-90s`, `-30m`, `-2h`, `-7d`, or `now`.
 *
 * @returns milliseconds since the epoch
 * @throws {CommandError}
 */
export function moment(flag: string, value: string, now: number): number {
  if (value === 'now') return now;
  const [, digits, unit] = /^-(\d{1,6})(s|m|h|d)$/.exec(value) ?? [];
  if (unit !== undefined) return now - Number(digits) * unitMs[unit as keyof typeof unitMs];
  const iso = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)?)?$/.exec(value);
  const zoned = iso?.[1] === undefined || iso[4] !== undefined ? value : `${value}Z`;
  const time = iso === null ? Number.NaN : Date.parse(zoned);
  if (!Number.isNaN(time)) return time;
  throw new CommandError(
    `--${flag} "${value}" is no time: ISO 8601, such as 2026-03-02T08:00:00Z, or so long ago, such as -2h`,
  );
}

/** Refuses what is no time before anybody is asked for anything. @throws {CommandError} */
export function checkTimes(given: { readonly [Flag in 'from' | 'to' | 'at']?: string }): void {
  for (const flag of ['from', 'to', 'at'] as const) {
    const value = given[flag];
    if (value !== undefined) moment(flag, value, Date.now());
  }
}

const unitMs = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
