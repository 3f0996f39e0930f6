import { furtherJourneyActivities, knownMembers, knownParameters } from '../mapping/known-members.ts';
import { type MappedType, type MappingRow, mappingRows } from '../mapping/mapping-of.ts';

/** The path of the file, from the root. */
export const knownNamesFile = 'functions/collector/answers/known-names.ts';

/** The names of the table as the collector has them: `functions/` imports nothing of `content/`. */
export function knownNamesSource(): string {
  const types = Object.keys(knownParameters) as MappedType[];
  return [
    '// Written by "npm run content" from content/mapping/: change that.',
    '',
    '/** The members of events, of all types. */',
    'export const knownMembers: readonly string[] =',
    `  ${words(knownMembers, '    ')};`,
    '',
    '/**',
    ' * By type: activities in every spelling, those of them whose additional parameters are free, and the additional parameters',
    ' * of the others.',
    ' */',
    'export const knownNames = {',
    ...types.flatMap((type) => [
      `  ${type}: {`,
      `    activities: ${words(activitiesOf(type), '      ')},`,
      `    free: ${type === 'cis' ? words(journeyActivities(), '      ') : '[]'},`,
      `    parameters: ${words(knownParameters[type], '      ')},`,
      '  },',
    ]),
    '} satisfies Readonly<Record<string, KnownNames>>;',
    '',
    'interface KnownNames {',
    '  readonly activities: readonly string[];',
    '  readonly free: readonly string[];',
    '  readonly parameters: readonly string[];',
    '}',
    '',
  ].join('\n');
}

function activitiesOf(type: MappedType, which: (row: MappingRow) => boolean = () => true): readonly string[] {
  const rows = mappingRows.filter((row) => row.type === type && which(row));
  return [...new Set(rows.flatMap(({ spellings }) => spellings))];
}

function journeyActivities(): readonly string[] {
  return activitiesOf(
    'cis',
    (row) => row.class === 'step' || furtherJourneyActivities.includes(row.spellings[0]!),
  );
}

/** An expression for a list of names without blanks, in lines that are not too long. */
function words(names: readonly string[], indent: string): string {
  const lines = [''];
  for (const name of names) {
    if (lines.at(-1)!.length + name.length > lineWidth) lines.push('');
    lines.push(`${lines.pop()} ${name}`.trimStart());
  }
  return `\`${lines.join(`\n${indent}`)}\`.split(/\\s+/)`;
}

const lineWidth = 84;
