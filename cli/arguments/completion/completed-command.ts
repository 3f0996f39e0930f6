import { described, type Flag } from '../flag.ts';
import type { Program } from '../program-description.ts';

/** One command, as a completion script knows it. */
export interface CompletedCommand {
  readonly name: string;
  readonly summary: string;
  readonly table: Program;
}

/** The words that may follow a flag. */
export type ValueCompletion =
  | { readonly kind: 'switch' }
  | { readonly kind: 'words'; readonly words: readonly string[]; readonly several: boolean }
  | { readonly kind: 'folder' | 'file' }
  /** A value of which no list exists. */
  | { readonly kind: 'other' };

export interface CompletedFlag {
  /** Without dashes. */
  readonly name: string;
  /** Stands for the value in help. */
  readonly value: string;
  readonly text: string;
  readonly completion: ValueCompletion;
}

/** The flags of a command, `--help` among them. */
export function completedFlags({ flags }: Program): readonly CompletedFlag[] {
  return [
    ...Object.entries<Flag>(flags).map(([name, flag]) => ({
      name,
      value: flag.value ?? '',
      text: described(flag).replace(/\s+/g, ' '),
      completion: completionOf(flag),
    })),
    { name: 'help', value: '', text: 'print the help', completion: { kind: 'switch' } },
  ];
}

/** True of a command whose word without a flag is a folder. */
export function takesFolder({ operand }: Program): boolean {
  return operand !== undefined && operand.choices === undefined;
}

function completionOf({ value, form }: Flag): ValueCompletion {
  if (value === undefined) return { kind: 'switch' };
  if (form?.choices !== undefined)
    return { kind: 'words', words: form.choices, several: form.several === true };
  if (value === 'DIR') return { kind: 'folder' };
  return { kind: value === 'FILE' ? 'file' : 'other' };
}
