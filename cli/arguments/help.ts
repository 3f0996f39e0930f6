import { textWidth, wrapped } from '../text.ts';
import { described, type Flag, spelled } from './flag.ts';
import type { Program } from './program-description.ts';

/** The text of `--help`, without a line break at its end. */
export function helpText(program: Program, columns: number): string {
  const width = textWidth(columns);
  const { about, terms = {}, flags, operand, exitCodes, examples } = program;
  const rows = [
    ...(operand === undefined ? [] : [[operand.name, operand.text] as const]),
    ...Object.entries<Flag>(flags).map(([name, flag]) => [spelled(name, flag), described(flag)] as const),
    ['--help', 'print this; --version prints the version'] as const,
  ];
  const notes = new Set(Object.values<Flag>(flags).flatMap(({ form }) => form?.note ?? []));
  const paragraphs = [
    usageLines(program).join('\n'),
    ...about.split('\n\n').map((paragraph) => wrapped(paragraph, width)),
    ...(Object.keys(terms).length === 0 ? [] : [listed(Object.entries(terms), { width, indent: '' })]),
    listed(rows, { width, indent: '  ' }),
    ...[...notes].map((note) => wrapped(note, width)),
    wrapped(`Exit codes: ${exitCodes}.`, width),
    exampleLines(examples),
  ];
  return paragraphs.join('\n\n');
}

/** `Usage: relay status [--stream ID] [options]`, a line per way of use. */
export function usageLines({ name, typed = name, synopsis }: Program): readonly string[] {
  return synopsis.map((line, place) => `${place === 0 ? 'Usage:' : '      '} ${typed} ${line}`.trimEnd());
}

function exampleLines(examples: readonly string[]): string {
  const [only] = examples;
  return examples.length === 1
    ? `Example: ${only}`
    : ['Examples:', ...examples.map((line) => `  ${line}`)].join('\n');
}

type Row = readonly [name: string, text: string];

/** Names in one column and their texts in the next, each wrapped within its column. */
function listed(
  rows: readonly Row[],
  { width, indent }: { readonly width: number; readonly indent: string },
): string {
  const column = Math.max(...rows.map(([name]) => name.length)) + 2;
  const hanging = ' '.repeat(indent.length + column);
  return rows
    .map(([name, text]) => {
      const lines = wrapped(text, width - hanging.length).split('\n');
      return `${indent}${name.padEnd(column)}${lines.join(`\n${hanging}`)}`;
    })
    .join('\n');
}
