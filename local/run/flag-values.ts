import type { Switch } from '@mosaic-relay/mosaic-simulator';
import { RelayError } from '../../functions/relay-error.ts';
import type { FlagName } from './flags.ts';

/** A wrong command line: one line on stderr and exit 2. */
export function wrongUse(message: string): RelayError {
  return new RelayError('WrongUse', message);
}

/** Names out of a list, in the order of `known`. @throws {RelayError} `WrongUse`, as all of these do */
export function listed<Name extends string>(
  flag: FlagName,
  value: string,
  known: readonly Name[],
): readonly Name[] {
  const names = value.split(',').map((name) => name.trim());
  for (const name of names) {
    if (!known.includes(name as Name)) {
      throw wrongUse(`--${flag} "${name}" is none of ${known.join(', ')}`);
    }
  }
  return known.filter((name) => names.includes(name));
}

/** A switch of Mosaic's simulator. */
export type SourceSwitch = Pick<Switch, 'name' | 'number'>;

/** The same of switches, each with a number where it takes one: `short,slow-by-size=50`. */
export function listedSwitches(value: string, switches: readonly SourceSwitch[]): readonly string[] {
  const given = value.split(',').map((one) => one.trim());
  const names = listed(
    'source',
    given.map((one) => one.split('=')[0]!).join(','),
    switches.map(({ name }) => name),
  );
  return names.map((name) => {
    const spelled = given.findLast((one) => one.split('=')[0] === name)!;
    const number = spelled.slice(name.length + 1);
    if (spelled === name) return name;
    const range = switches.find((one) => one.name === name)!.number;
    if (range === undefined) throw wrongUse(`--source ${name} takes no number`);
    return `${name}=${wholeNumber(`source ${name}=`, number, range)}`;
  });
}

/** One of the names. */
export function oneOf<Name extends string>(flag: FlagName, value: string, known: readonly Name[]): Name {
  const name = known.find((one) => one === value);
  if (name !== undefined) return name;
  throw wrongUse(`--${flag} "${value}" is none of ${known.join(', ')}`);
}

/** @param spelled the flag, without its dashes */
export function wholeNumber(
  spelled: string,
  value: string,
  range: { readonly from: number; readonly to: number },
) {
  const number = /^\d{1,10}$/.test(value) ? Number(value) : Number.NaN;
  if (number >= range.from && number <= range.to) return number;
  throw wrongUse(`--${spelled} "${value}" is no whole number from ${range.from} to ${range.to}`);
}

/** A text of a certain form. @param wanted names the form */
export function named(flag: FlagName, value: string, pattern: RegExp, wanted: string): string {
  if (pattern.test(value)) return value;
  throw wrongUse(`--${flag} "${value}" is not ${wanted}`);
}

/** `30s`, `5m`, `1h` in milliseconds. */
export function duration(flag: FlagName, value: string): number {
  const [, digits, unit] = /^(\d{1,5})(s|m|h)$/.exec(value) ?? [];
  const ms = Number(digits) * { s: 1_000, m: 60_000, h: 3_600_000 }[unit as 's' | 'm' | 'h'];
  if (ms >= 1_000 && ms <= 86_400_000) return ms;
  throw wrongUse(`--${flag} "${value}" is no time from 1s to 24h, such as 30s, 5m or 1h`);
}
