import { inDollars } from '../../infra/config/cost-at-rest.ts';
import { count, dateText, plural, table } from '../text.ts';
import type { PreviewReport, RuleReport } from './preview-report.ts';

export interface PreviewedRange {
  readonly title: string;
  readonly from: number;
  readonly to: number;
  readonly batches: number;
  readonly damaged: number;
  readonly isWhole: boolean;
}

/** A preview for people: totals, a row for each rule, and what no rule names. */
export function previewText(report: PreviewReport, range: PreviewedRange): string {
  const { title, from, to, batches, damaged, isWhole } = range;
  const about = isWhole ? '' : 'about ';
  const saved = report.dollarsBefore - report.dollarsAfter;
  const lines = [
    `${title}, collected from ${dateText(from)} to ${dateText(to)}`,
    `${about}${count(report.events)} events${isWhole ? ` in ${plural(batches, 'batch', 'batches')}` : `, by a sample of ${plural(batches, 'batch', 'batches')}`}: ` +
      `${totals(report)}`,
    `lines: ${percentLess(report.bytesBefore, report.bytesAfter)}, ${inDollars(saved)} less a month of ` +
      `${inDollars(report.dollarsBefore)} for Firehose and traffic; what the receiver charges comes on top`,
  ];
  if (damaged > 0)
    lines.push(
      `not counted: ${plural(damaged, 'batch that is', 'batches that are')} no array of events, and in quarantine`,
    );
  if (report.rules.length > 0) lines.push('', rulesTable(report.rules));
  lines.push(...emptyRules(report.rules), ...unnamedLines(report.unnamed), ...exampleLines(report.examples));
  return lines.join('\n');
}

/** `168 dropped (3.4 %), 4,832 seen` */
export function totals({ events, dropped, refused, seen }: PreviewReport): string {
  const told = [`${count(dropped)} dropped (${percent(dropped, events)})`];
  if (refused > 0) told.push(`${count(refused)} refused (${percent(refused, events)})`);
  return [...told, `${count(seen)} seen`].join(', ');
}

/** What rules met nothing, a line for each. */
export function emptyRules(rules: readonly RuleReport[]): readonly string[] {
  return rules
    .filter(({ met }) => met === 0)
    .map(
      ({ rule, nearest }) =>
        `met nothing: ${rule}${nearest === undefined ? '' : `; did you mean ${nearest}, which events have?`}`,
    );
}

/** `6 % shorter` */
export function percentLess(before: number, after: number): string {
  const change = before === 0 ? 0 : (before - after) / before;
  return change >= 0 ? `${share(change)} shorter` : `${share(-change)} longer`;
}

function rulesTable(rules: readonly RuleReport[]): string {
  return table([
    ['RULE', 'MET', 'EVENTS', 'SHARE', 'BYTES SAVED', 'SAVED A MONTH'],
    ...rules.map((one) => [
      one.rule,
      count(one.met),
      count(one.events),
      share(one.share),
      count(one.bytesSaved),
      signedDollars(one.dollarsSaved),
    ]),
  ]);
}

function unnamedLines({ activities, members }: PreviewReport['unnamed']): readonly string[] {
  return [
    ...named(
      'no rule names these activities',
      activities.map(({ activity, events }) => [activity, events]),
    ),
    ...named(
      'no rule names these members',
      members.map(({ path, events }) => [path, events]),
    ),
  ];
}

function named(what: string, all: readonly (readonly [string, number])[]): readonly string[] {
  if (all.length === 0) return [];
  const some = all.slice(0, mostTold).map(([name, events]) => `${name} ${count(events)}`);
  const more = all.length > mostTold ? `, and ${count(all.length - mostTold)} more (--json has them)` : '';
  return ['', `${what}: ${some.join(', ')}${more}`];
}

function exampleLines(examples: PreviewReport['examples']): readonly string[] {
  return examples.flatMap(({ before, after }) => ['', `before  ${before}`, `after   ${after}`]);
}

function percent(part: number, whole: number): string {
  return share(whole === 0 ? 0 : part / whole);
}

function share(of: number): string {
  const number = of * 100;
  return `${number >= 10 || number === 0 ? Math.round(number) : Number(number.toPrecision(2))} %`;
}

function signedDollars(amount: number): string {
  return amount < 0 ? `-${inDollars(-amount)}` : inDollars(amount);
}

const mostTold = 20;
