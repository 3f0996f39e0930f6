import { indented, type Paint } from '../text.ts';
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

export interface ShownFindings {
  readonly paint: Paint;
  /** Of the terminal. */
  readonly columns: number;
  /** True where every change has a line, also what follows a stream, and what is harmless. */
  readonly all: boolean;
}

/**
 * The findings below a heading for each level, the worst level first. Resources to which the same happens share a line. A stream
 * speaks for what goes or comes with it, and more than a few harmless changes are only counted.
 */
export function findingsText(findings: readonly Finding[], shown: ShownFindings): string {
  const led = new Set(findings.flatMap(({ leads = [] }) => leads));
  const told = findings.filter(({ follows }) => shown.all || follows === undefined || !led.has(follows));
  return (Object.keys(levels) as Level[])
    .flatMap((level) => {
      const here = told.filter((finding) => finding.level === level);
      if (here.length === 0) return [];
      const heading = shown.paint(`${levels[level]} (${here.length})`, colours[level]);
      return [[heading, ...linesOf(here, level, { findings, ...shown })].join('\n')];
    })
    .join('\n\n');
}

interface Context extends ShownFindings {
  readonly findings: readonly Finding[];
}

function linesOf(here: readonly Finding[], level: Level, context: Context): readonly string[] {
  const groups = [...Map.groupBy(here, ({ action, thing, says }) => `${action}\n${thing}\n${says}`).values()];
  if (level !== 'harmless' || context.all || groups.length <= mostHarmless)
    return groups.map((group) => line(group, context));
  const byAction = [...Map.groupBy(here, ({ action }) => action)];
  return [
    ...byAction.map(([action, its]) => indented(`${action} ${counted(its)}`, { by: 2, ...context })),
    indented('--all says of each of them why.', { by: 2, ...context }),
  ];
}

const mostHarmless = 3;
const mostNames = 4;

function line(group: readonly Finding[], context: Context): string {
  const { action, thing, says } = group[0]!;
  const names = group.slice(0, mostNames).map(({ name }) => name);
  const more = group.length > mostNames ? ` and ${group.length - mostNames} more` : '';
  const leads = group.flatMap((each) => each.leads ?? []);
  const lines = [
    indented(`${action} ${thing} ${names.join(', ')}${more}:`, { by: 2, ...context }),
    indented(says, { by: 4, ...context }),
  ];
  if (!context.all && leads.length > 0) lines.push(...companyOf(leads, context));
  return lines.join('\n');
}

/** `With it go function, schedule ×2, alarm ×21 and 12 more.` */
function companyOf(leads: readonly string[], context: Context): readonly string[] {
  const its = context.findings.filter(({ follows }) => follows !== undefined && leads.includes(follows));
  return (['removed', 'added'] as const).flatMap((action) => {
    const here = its.filter((finding) => finding.action === action);
    if (here.length === 0) return [];
    const [named, others] = [true, false].map((isNamed) =>
      here.filter(({ thing }) => isNamed === ofInterest.includes(thing)),
    );
    const parts = [
      ...(named!.length === 0 ? [] : [counted(named!)]),
      ...(others!.length === 0 ? [] : [`${others!.length} more`]),
    ];
    return [
      indented(`With it ${action === 'removed' ? 'go' : 'come'} ${parts.join(' and ')}.`, {
        by: 4,
        ...context,
      }),
    ];
  });
}

/** What an operator knows by name. */
const ofInterest = ['function', 'schedule', 'delivery stream', 'alarm'];

/** `role ×9, key` */
function counted(findings: readonly Finding[]): string {
  return [...Map.groupBy(findings, ({ thing }) => thing)]
    .map(([thing, its]) => (its.length === 1 ? thing : `${thing} ×${its.length}`))
    .join(', ');
}
