import { type Paint, plural } from '../text.ts';
import { type Level, levels } from './change.ts';
import type { Finding } from './explain.ts';

const colours = {
  data: 'red',
  refused: 'red',
  stops: 'yellow',
  alarms: 'yellow',
  note: 'bold',
  harmless: 'dim',
} as const;

/** The findings below a heading for each level. Resources to which the same happens share a line. */
export function findingsText(findings: readonly Finding[], paint: Paint): string {
  return (Object.keys(levels) as Level[])
    .flatMap((level) => {
      const here = findings.filter((finding) => finding.level === level);
      if (here.length === 0) return [];
      const heading = paint(`${levels[level]} (${plural(here.length, 'change')})`, colours[level]);
      return [[heading, ...groups(here).map(line)].join('\n')];
    })
    .join('\n\n');
}

function groups(findings: readonly Finding[]): readonly (readonly Finding[])[] {
  const same = Map.groupBy(findings, ({ action, thing, says }) => `${action}\n${thing}\n${says}`);
  return [...same.values()];
}

const mostNames = 4;

function line(group: readonly Finding[]): string {
  const { action, thing, says } = group[0]!;
  const names = group.slice(0, mostNames).map(({ name }) => name);
  const more = group.length > mostNames ? ` and ${group.length - mostNames} more` : '';
  return `  ${action} ${thing} ${names.join(', ')}${more}:\n    ${says}`;
}
