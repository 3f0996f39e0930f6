import type { Form } from './forms.ts';

/**
 * One flag of a program, without its dashes. Parsing, help, the commands' page and shell completion follow from it.
 * A flag without `value` is a switch.
 */
export interface Flag {
  /** Stands for the value in help and messages, such as `N` or `DIR`. `DIR` and `FILE` are completed as paths. */
  readonly value?: string;
  /** Reads the value. Without a form, any text that is not empty is taken. */
  readonly form?: Form<unknown>;
  /** The value where the flag is not given, spelled as an operator would type it. */
  readonly default?: string;
  /** Refuses a command line without the flag. */
  readonly required?: true;
  /**
   * The flag means nothing unless one of these is given too. `'faults'` is satisfied by any value of `--faults`,
   * `'faults everything'` by that value alone.
   */
  readonly with?: readonly string[];
  /** The flag and any of these exclude each other, written like `with`. One of the two flags says so. */
  readonly not?: readonly string[];
  /** The flag may be given several times; its value is the list of all. */
  readonly many?: true;
  /** The value is personal or secret. No message of a command with such a flag repeats a word of the command line. */
  readonly unspoken?: true;
  /** For help and docs: what the flag does. Range and default follow from `form` and `default`. */
  readonly text: string;
}

export type Flags = Readonly<Record<string, Flag>>;

/** The values of a command line's flags. A flag that is neither given nor has a default is `undefined`. */
export type Values<All extends Flags> = {
  readonly [Name in keyof All]: All[Name] extends { readonly many: true }
    ? readonly Read<All[Name]>[]
    : All[Name] extends { readonly value: string }
      ? All[Name] extends { readonly default: string } | { readonly required: true }
        ? Read<All[Name]>
        : Read<All[Name]> | undefined
      : boolean;
};

type Read<One extends Flag> = One extends { readonly form: Form<infer Value> } ? Value : string;

/** A flag as it is typed: `--limit N`, `--json`. */
export function spelled(name: string, { value }: Flag): string {
  return value === undefined ? `--${name}` : `--${name} ${value}`;
}

/** One line for help and docs: the flag's text, range and default. */
export function described({ text, form, default: preset }: Flag): string {
  const facts = [form?.range ?? '', preset ? `default ${preset}` : ''].filter((fact) => fact !== '');
  return facts.length === 0 ? text : `${text} (${facts.join(', ')})`;
}
