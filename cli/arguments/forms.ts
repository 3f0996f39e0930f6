import { nearest } from '../../infra/config/nearest.ts';
import { shown, WrongUse } from './wrong-use.ts';

/** Turns the text after a flag into a value. */
export interface Form<Value> {
  /** @throws {WrongValue} */
  read(text: string): Value;
  /** For help: which numbers are taken, such as `1 to 1000`. */
  readonly range?: string;
  /** For help: what every value of this form may look like, as a sentence below the flags. */
  readonly note?: string;
  /** The words that are taken, for completion. */
  readonly choices?: readonly string[];
  /** True where several of `choices` may be given, separated by commas. */
  readonly several?: true;
  /** True where the empty text is a value. */
  readonly empty?: true;
}

/** A value that its flag does not take. */
export class WrongValue extends WrongUse {
  /** @param problem follows the flag's name: `"0" is not a whole number from 1 to 10` */
  constructor(problem: string) {
    super(problem);
    this.name = 'WrongValue';
  }
}

/** @param wanted completes "is not …" */
export function notA(wanted: string, text: string): WrongValue {
  return new WrongValue(`"${shown(text)}" is not ${wanted}`);
}

export interface WholeRange {
  readonly from: number;
  readonly to: number;
  /** The reason for the range where it is not plain; the end of the message. */
  readonly why?: string;
}

export function wholeNumber({ from, to, why }: WholeRange): Form<number> {
  const reason = why === undefined ? '' : `: ${why}`;
  return {
    range: `${from} to ${to}`,
    read(text) {
      const number = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
      if (number >= from && number <= to) return number;
      throw notA(`a whole number from ${from} to ${to}${reason}`, text);
    },
  };
}

export interface DecimalRange {
  readonly above: number;
  readonly upTo: number;
  /** The unit of the number, such as `events a second`. */
  readonly unit: string;
}

export function decimal({ above, upTo, unit }: DecimalRange): Form<number> {
  return {
    range: `above ${above} and up to ${upTo}`,
    read(text) {
      const number = /^\d{1,9}(\.\d{1,6})?$/.test(text) ? Number(text) : Number.NaN;
      if (number > above && number <= upTo) return number;
      throw notA(`a number of ${unit} above ${above} and up to ${upTo}`, text);
    },
  };
}

/** One of the words. */
export function oneOf<Name extends string>(names: readonly Name[]): Form<Name> {
  return {
    choices: names,
    read(text) {
      const name = names.find((one) => one === text);
      if (name !== undefined) return name;
      const meant = nearest(text, names);
      throw notA(`one of ${names.join(', ')}${meant === undefined ? '' : `; did you mean ${meant}?`}`, text);
    },
  };
}

/** Some of the words, separated by commas; the value has them in the order of `names`, each once. */
export function listOf<Name extends string>(names: readonly Name[]): Form<readonly Name[]> {
  return {
    choices: names,
    several: true,
    read(text) {
      const given = text.split(',').map((name) => oneOf(names).read(name.trim()));
      return names.filter((name) => given.includes(name));
    },
  };
}

/** A text of a certain look. @param wanted completes "is not …" */
export function matching(pattern: RegExp, wanted: string): Form<string> {
  return {
    read(text) {
      if (pattern.test(text)) return text;
      throw notA(wanted, text);
    },
  };
}

/** A length of time: `30s`, `5m`, `1h`, from a second to a day. The value is milliseconds. */
export const duration: Form<number> = {
  read(text) {
    const [, digits, unit] = /^(\d{1,5})(s|m|h)$/.exec(text) ?? [];
    const ms = Number(digits) * { s: 1_000, m: 60_000, h: 3_600_000 }[unit as 's' | 'm' | 'h'];
    if (ms >= 1_000 && ms <= 86_400_000) return ms;
    throw notA('a time from 1s to 24h, such as 30s, 5m or 1h', text);
  },
};

/** A moment that may count from now, which a command learns only when it has found its relay. */
export interface Moment {
  /** As it was typed. */
  readonly text: string;
  /** @returns milliseconds since the epoch */
  at(now: number): number;
}

/** ISO 8601, UTC where it names no zone; or a time ago, such as `-90s`, `-30m`, `-2h`, `-7d`; or `now`. */
export const moment: Form<Moment> = {
  note: 'TIME is ISO 8601, such as 2026-03-02T08:00Z, or a time ago, such as -30m, -2h or -7d.',
  read(text) {
    if (text === 'now') return { text, at: (now) => now };
    const [, digits, unit] = /^-(\d{1,6})(s|m|h|d)$/.exec(text) ?? [];
    if (unit !== undefined) {
      const agoMs = Number(digits) * unitMs[unit as keyof typeof unitMs];
      return { text, at: (now) => now - agoMs };
    }
    const iso = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)?)?$/.exec(text);
    const zoned = iso?.[1] === undefined || iso[4] !== undefined ? text : `${text}Z`;
    const time = iso === null ? Number.NaN : Date.parse(zoned);
    if (!Number.isNaN(time)) return { text, at: () => time };
    throw notA('a time: ISO 8601, such as 2026-03-02T08:00:00Z, or a time ago, such as -2h', text);
  },
};

const unitMs = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** The time range between two flags. @throws {WrongUse} unless `from` is before `to` */
export function between(
  from: Moment,
  to: Moment,
  now: number,
): { readonly from: number; readonly to: number } {
  const range = { from: from.at(now), to: to.at(now) };
  if (range.from < range.to) return range;
  throw new WrongUse(`--from ${shown(from.text)} is not before --to ${shown(to.text)}`);
}
