import type { Flags } from './flag.ts';

/** One program, or one command of `relay`: what its help, its docs and its completion are made of. */
export interface Program<All extends Flags = Flags> {
  /** As messages call it: `relay status`, `npm start`. */
  readonly name: string;
  /** As it is typed where that differs from the name: `npm start --`. */
  readonly typed?: string;
  /** The words after the name, a line for each way of use: `--stream ID [options]`. */
  readonly synopsis: readonly string[];
  /** Paragraphs that say what the program does, separated by an empty line. */
  readonly about: string;
  /** Words of its output, explained. */
  readonly terms?: Readonly<Record<string, string>>;
  readonly flags: All;
  /** Of each group exactly one flag is to be given. */
  readonly either?: readonly (readonly string[])[];
  /** The one word that it takes without a flag. */
  readonly operand?: Operand;
  /** `0 done, 2 wrong use`. */
  readonly exitCodes: string;
  /** Whole command lines. */
  readonly examples: readonly string[];
  /** Further paragraphs and lists for the commands' page, in Markdown. */
  readonly details?: string;
}

/** A word that stands without a flag. */
export interface Operand {
  /** Stands for the word in help and messages, such as `SHELL`. */
  readonly name: string;
  /** The words that it may be. Absent for a folder, which may stand anywhere between the flags. */
  readonly choices?: readonly string[];
  /** True where the word may be another one, too, which the command reads itself; `choices` are what completion offers. */
  readonly open?: true;
  /** The word where none is given. Absent for a word that is needed. */
  readonly default?: string;
  readonly text: string;
}
