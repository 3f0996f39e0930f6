import type { ReplayFailure, ReplayReport } from './replay.ts';

/** The closing count for a person: what was sent, and a line for each thing that failed. */
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
      ...(report.interrupted ? ['Interrupted: say the same again to go on.'] : []),
    ].join('\n'),
    problems: describeFailures(report.failed),
  };
}

const mostKeys = 20;

/** Those of one reason together, each with its first keys. */
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
