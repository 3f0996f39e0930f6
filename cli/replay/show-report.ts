import type { CutOffAnswer, ReplayFailure, ReplayReport } from './replay-report.ts';

/** Describes the result for a person: the sent events, and a line for each failure. */
export function describeReplay(
  report: ReplayReport,
  { stream, dryRun }: { readonly stream: string; readonly dryRun: boolean },
): { readonly text: string; readonly problems: readonly string[] } {
  const sent = Object.entries(report.sent).flatMap(([destination, bySource]) =>
    Object.entries(bySource)
      .filter(([, events]) => events > 0)
      .map(([source, events]) => `  ${count(events)} from ${source} to ${destination}`),
  );
  const verb = dryRun ? 'would be sent' : 'sent';
  const rest = [
    [report.replayedBefore, 'replayed before'],
    [report.outOfRange, 'not of that time'],
    [new Set(report.failed.map(({ key }) => key)).size, 'failed'],
  ] as const;
  const others = rest.filter(([number]) => number > 0).map(([number, what]) => `${count(number)} ${what}`);
  return {
    text: [
      `${stream}: ${count(report.events)} events ${verb} again, of ${plural(report.objects, 'object')}` +
        `${others.length === 0 ? '' : ` (${others.join(', ')})`}`,
      ...sent,
      ...Object.entries(report.late).map(
        ([destination, events]) =>
          `  ${plural(events, 'event')} too old or too new for ${destination}, ${dryRun ? 'left out' : 'not sent'}; the same with --late sends ${events === 1 ? 'it' : 'them'}`,
      ),
      ...Object.entries(report.lateSent).map(
        ([destination, events]) =>
          `  ${plural(events, 'event')} of these ${events === 1 ? 'is' : 'are'} too old or too new for ${destination}`,
      ),
      ...describeCutOff(report.cutOff),
      ...(report.interrupted ? ['Interrupted: say the same again to go on.'] : []),
    ].join('\n'),
    problems: describeFailures(report.failed),
  };
}

/** Describes the bytes of each cut-off answer that were no whole event. */
function describeCutOff(answers: readonly CutOffAnswer[]): readonly string[] {
  if (answers.length === 0) return [];
  const whole = answers.reduce((sum, { events }) => sum + events, 0);
  const rest = answers.reduce((sum, { restBytes }) => sum + restBytes, 0);
  return [
    `  ${plural(answers.length, 'answer')} cut off: ${plural(whole, 'whole event')}, and ` +
      `${plural(rest, 'byte')} at the end that ${rest === 1 ? 'is' : 'are'} no event`,
    ...answers
      .slice(0, mostKeys)
      .map(
        ({ key, events, restBytes }) =>
          `    ${key}: ${plural(events, 'event')}, then ${plural(restBytes, 'byte')}`,
      ),
    ...(answers.length > mostKeys
      ? [`    and ${count(answers.length - mostKeys)} more; --json lists all`]
      : []),
  ];
}

const mostKeys = 20;

/** Describes failures, those of one reason together with their first keys. */
function describeFailures(failed: readonly ReplayFailure[]): readonly string[] {
  const byReason = Map.groupBy(failed, ({ reason, source }) => `${source}: ${reason}`);
  return [...byReason].flatMap(([reason, failures]) => [
    `failed: ${reason}${failures.length === 1 ? '' : ` (${count(failures.length)} times)`}`,
    ...failures.slice(0, mostKeys).map(({ key }) => `  ${key}`),
    ...(failures.length > mostKeys
      ? [`  and ${count(failures.length - mostKeys)} more; --json lists all`]
      : []),
  ]);
}

function count(number: number): string {
  return number.toLocaleString('en');
}

function plural(number: number, noun: string): string {
  return `${count(number)} ${noun}${number === 1 ? '' : 's'}`;
}
