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
  const done = (data: LeftUndelivered): Performed => ({
    kind: 'done',
    data: { ...data },
    physicalId: request.PhysicalResourceId ?? 'undelivered',
  });
  if (request.RequestType === 'Delete') return done({ StaysBehind: 'nothing' });
  if (request.RequestType === 'Update' && (await ports.stack.isRollingBack(request.StackId))) {
    // A table that does not answer must not keep a stack half-way.
    const runs = await owingRuns(ports).catch(() => undefined);
    return done({ StaysBehind: runs === undefined ? 'not known' : staysBehind(runs, wanted) });
  }
  const runs = await owingRuns(ports);
  const before = wanted.Leave === 'true' ? undefined : parseUndeliveredBefore(request);
  const reasons = before === undefined ? [] : await reasonsAgainst({ before, wanted, runs }, ports);
  if (reasons.length > 0) return failed(`${leaveThem} ${reasons.join(' ')}`);
  return done({ StaysBehind: staysBehind(runs, wanted) });
}

/** It stands first, because CloudFormation takes no long reason. */
const leaveThem =
  'Refused while batches are undelivered; -c undelivered=leave lets go of them (what is in the journal can be delivered until it expires, by putting its stream back).';

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

/** Batches that only removed destinations lack are left behind already, so they hold no change back. */
function owedBy({ before, runs }: Change, names: readonly string[]): readonly UnfinishedRun[] {
  return runs.filter(
    ({ stream, lacking }) =>
      names.includes(stream) &&
      lacking.some((destination) => before.Deliveries.includes(`${stream}/${destination}`)),
  );
}

function leavingStreams(change: Change): readonly string[] {
  const leaving = change.before.Streams.filter((name) => !change.wanted.Streams.includes(name));
  const owing = Map.groupBy(owedBy(change, leaving), ({ stream }) => stream);
  if (owing.size === 0) return [];
  const told = [...owing].map(([stream, its]) => `${stream} (${described(its)})`).join(', ');
  const [first] = owing.keys();
  const many = owing.size > 1;
  return [
    `${many ? 'Streams leave' : 'A stream leaves'} the settings with batches that nobody would deliver: ${told}. Where ${many ? 'one' : 'it'} only gets another name, give that was: '${first}'. Otherwise pause ${many ? 'them' : 'it'} (relay pause ${first}), wait until relay status shows that nothing waits, and deploy again.`,
  ];
}

/** What is older than the journal kept it so far has expired, and is told as lost. */
function shorterJournal(change: Change, now: number): readonly string[] {
  const { before, wanted } = change;
  const days = Number(wanted.JournalDays);
  if (days >= Number(before.JournalDays)) return [];
  const expiredMs = (Number(before.JournalDays) + 1) * dayMs;
  const owing = owedBy(change, before.Streams).filter(({ since }) => now - since <= expiredMs);
  const old = owing.filter((run) => !isSafe(now - run.since, days));
  if (old.length === 0) return [];
  const since = Math.min(...old.map((run) => run.since));
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
  const oldest = await waiting.oldest(before.Deliveries);
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
