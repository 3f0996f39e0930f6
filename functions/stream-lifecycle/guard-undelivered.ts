import type { UnfinishedRun } from '../stored/open-item.ts';
import { dayMs, dayName } from '../stored/utc-day.ts';
import type { LeftUndelivered, UndeliveredProperties } from './contract.ts';
import { failed, type Performed } from './performed.ts';
import type { LifecyclePorts } from './ports.ts';
import { type LifecycleRequest, parseUndelivered, parseUndeliveredBefore } from './request.ts';

type GuardPorts = Pick<LifecyclePorts, 'unfinished' | 'waiting' | 'stack' | 'now'>;

/**
 * Refuses a change of settings by which undelivered batches would be left behind or deleted early: a stream that
 * leaves, `journalDays` and `quarantineDays` that become shorter. The bucket and Mosaic's streams wait for this
 * resource, so that nothing has changed when a deploy is refused.
 *
 * A rollback passes. Refused, it would leave the stack half-way.
 * @see ../../docs/decisions/0020-changes-while-batches-are-undelivered.md
 */
export async function guardUndelivered(request: LifecycleRequest, ports: GuardPorts): Promise<Performed> {
  const wanted = parseUndelivered(request);
  const runs = request.RequestType === 'Delete' ? [] : await owingRuns(ports);
  const before = wanted.Leave === 'true' ? undefined : parseUndeliveredBefore(request);
  const reasons = before === undefined ? [] : await reasonsAgainst({ before, wanted, runs }, ports);
  if (reasons.length > 0 && !(await ports.stack.isRollingBack(request.StackId))) {
    return failed(`${reasons.join(' ')} ${leaveThem}`);
  }
  const data: LeftUndelivered = { StaysBehind: staysBehind(runs, wanted) };
  return { kind: 'done', data: { ...data }, physicalId: request.PhysicalResourceId ?? 'undelivered' };
}

const leaveThem =
  'To let go of them, deploy once with -c undelivered=leave: what is in the journal can be delivered until it expires, by putting its stream back.';

/** A run of a witness has no destinations, and one that only waits to be closed lacks none. */
async function owingRuns({ unfinished }: GuardPorts): Promise<readonly UnfinishedRun[]> {
  return (await unfinished.list()).filter(({ lacking }) => lacking.length > 0);
}

interface Change {
  readonly before: UndeliveredProperties;
  readonly wanted: UndeliveredProperties;
  readonly runs: readonly UnfinishedRun[];
}

async function reasonsAgainst(change: Change, ports: GuardPorts): Promise<readonly string[]> {
  return [
    ...leavingStreams(change),
    ...shorterJournal(change, ports.now()),
    ...(await shorterQuarantine(change, ports)),
  ];
}

/** Batches that only removed destinations lack are left behind already, so they hold no stream back. */
function leavingStreams({ before, wanted, runs }: Change): readonly string[] {
  const leaving = before.Streams.filter((name) => !wanted.Streams.includes(name));
  return leaving.flatMap((name) => {
    const owed = runs.filter(
      ({ stream, lacking }) =>
        stream === name &&
        lacking.some((destination) => before.Deliveries.includes(`${name}/${destination}`)),
    );
    if (owed.length === 0) return [];
    return [
      `Stream ${name} leaves the settings with ${described(owed)}, which nobody would deliver. If it only gets another name, give it was: '${name}' in its settings. Otherwise pause it (relay pause ${name}), wait until relay status shows that nothing waits, and deploy again.`,
    ];
  });
}

function shorterJournal({ before, wanted, runs }: Change, now: number): readonly string[] {
  const days = Number(wanted.JournalDays);
  if (days >= Number(before.JournalDays)) return [];
  const since = Math.min(...runs.map((run) => run.since));
  if (isSafe(now - since, days)) return [];
  const old = runs.filter((run) => !isSafe(now - run.since, days));
  return [
    `journalDays cannot become ${days}: ${names(old)} has ${described(old)}, which the bucket would delete within a day. Wait until relay status shows that nothing waits, or give ${safeDays(now - since)} or more.`,
  ];
}

async function shorterQuarantine(
  { before, wanted }: Change,
  { waiting, now }: GuardPorts,
): Promise<readonly string[]> {
  const days = Number(wanted.QuarantineDays);
  if (days >= Number(before.QuarantineDays)) return [];
  const oldest = await waiting.oldest();
  if (oldest === undefined) return [];
  const age = now() - oldest.writtenAt;
  if (isSafe(age, days)) return [];
  return [
    `quarantineDays cannot become ${days}: ${oldest.key} waits since ${dayName(oldest.writtenAt)}, and the bucket would delete it within a day. Send what waits again (relay replay), or give ${safeDays(age)} or more.`,
  ];
}

/** True where an object of that age has a day left under the new limit, or a quarter of the limit where that is less. */
function isSafe(ageMs: number, days: number): boolean {
  return ageMs + Math.min(1, days / 4) * dayMs <= days * dayMs;
}

function safeDays(ageMs: number): number {
  return Math.ceil(ageMs / dayMs) + 1;
}

function staysBehind(runs: readonly UnfinishedRun[], { Streams }: UndeliveredProperties): string {
  const left = Map.groupBy(
    runs.filter(({ stream }) => !Streams.includes(stream)),
    ({ stream }) => stream,
  );
  const told = [...left].map(([stream, its]) => `${stream}: ${described(its)}`);
  return told.length === 0 ? 'nothing' : shortened(told.toSorted().join('; '));
}

function described(runs: readonly UnfinishedRun[]): string {
  const since = dayName(Math.min(...runs.map((run) => run.since)));
  return runs.length === 1
    ? `1 run that is not delivered, of ${since}`
    : `${runs.length} runs that are not delivered, the oldest of ${since}`;
}

function names(runs: readonly UnfinishedRun[]): string {
  return [...new Set(runs.map(({ stream }) => stream))].toSorted().join(', ');
}

/** CloudFormation takes 1,024 bytes as an output's value. */
function shortened(text: string): string {
  return text.length > 900 ? `${text.slice(0, 900)}…` : text;
}
