import { described, type Flag, type Flags, spelled } from './flag.ts';
import { usageLines } from './help.ts';
import type { Program } from './program-description.ts';

/**
 * A program as a part of the commands' page, in Markdown.
 *
 * @param omitted flags that the page describes elsewhere, once for all programs
 */
export function programSection(
  program: Program,
  { heading, omitted = {} }: { readonly heading: string; readonly omitted?: Flags },
): string {
  const { about, terms = {}, details, flags, operand, exitCodes, examples } = program;
  const own = Object.entries<Flag>(flags).filter(([name, flag]) => omitted[name] !== flag);
  return [
    `## ${heading}`,
    fenced(usageLines(program)),
    ...paragraphs(about),
    ...listOfTerms(terms),
    ...paragraphs(details ?? ''),
    ...(operand === undefined ? [] : [`\`${operand.name}\` is ${operand.text}.`]),
    ...(own.length === 0 ? [] : [flagTable(Object.fromEntries(own))]),
    `Exit codes: ${joined(exitCodes)}.`,
    fenced(examples.map((line) => line.replace(/\brelay (?=[a-z])/, 'npx relay '))),
  ].join('\n\n');
}

/** Flags with what they do, their ranges and their defaults. */
export function flagTable(flags: Flags): string {
  const rows = Object.entries(flags).map(
    ([name, flag]) => `| \`${spelled(name, flag)}\` | ${joined(described(flag)).replaceAll('|', '\\|')} |`,
  );
  return ['| flag | does |', '| --- | --- |', ...rows].join('\n');
}

function listOfTerms(terms: Readonly<Record<string, string>>): readonly string[] {
  const lines = Object.entries(terms).map(([term, text]) => `- \`${term}\`: ${joined(text)}`);
  return lines.length === 0 ? [] : [lines.join('\n')];
}

function paragraphs(text: string): readonly string[] {
  return text === '' ? [] : text.split('\n\n').map(joined);
}

function joined(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

function fenced(lines: readonly string[]): string {
  return ['```', ...lines, '```'].join('\n');
}
