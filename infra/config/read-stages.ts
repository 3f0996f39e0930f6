import { readStageAlarms, readStreamAlarms } from './alarm-settings.ts';
import { answerCapProblems } from './answer-caps.ts';
import type { CollectedStage } from './collector-settings.ts';
import { longestCronGap } from './cron-gap.ts';
import { exampleValues } from './example-values.ts';
import { noProblems, type Problems, readFields } from './problems.ts';
import { readDestinations } from './read-destinations.ts';
import type { Schedule } from './schedule-expression.ts';
import { cronProblem, isTimeZone, rateExpression, readEvery } from './schedule-expression.ts';
import type { Stage } from './settings.ts';
import { stageFields, stageName } from './settings.ts';
import { settingsSizeProblems } from './settings-size.ts';
import { accountProblem, stageProblems } from './stage-checks.ts';
import { streamProblems } from './stream-checks.ts';
import { type Stream, streamFields } from './stream-settings.ts';
import type { Witness } from './witness-link.ts';

/**
 * Reads the whole settings file, every stage of it, and reports every problem at once.
 *
 * @param written the `stages` of `stages.ts`, unknown because an editor's types can be overruled
 */
export function readStages(written: unknown): StagesRead {
  const problems = noProblems();
  if (typeof written !== 'object' || written === null) {
    return { problems: ['stages: is not an object; give { dev: { … } }'] };
  }
  const stages = Object.entries(written).map(([name, raw]) => readStage(name, raw, problems));
  return problems.lines.length > 0 ? { problems: problems.lines } : { stages: stages as readonly Stage[] };
}

export type StagesRead = { readonly stages: readonly Stage[] } | { readonly problems: readonly string[] };

function readStage(name: string, raw: unknown, problems: Problems): Partial<Stage> {
  const path = `stages.${name}`;
  const before = problems.lines.length;
  const nameRead = stageName.safeParse(name);
  if (!nameRead.success) problems.add(path, `the name ${nameRead.error.issues[0]?.message}`);
  const fields = readFields(stageFields, raw, { path, problems });
  const streams = (fields.streams ?? []).map((stream, index) =>
    readStream(stream, { path: `${path}.streams[${index}]`, problems }),
  );
  const { environment, streams: _, ...rest } = fields;
  const alarms = readStageAlarms(rest.alarms, { path: `${path}.alarms`, problems });
  const examples = exampleValues(raw, path);
  const stage = { ...rest, name, mosaicUrl: environment, streams, alarms, examples };
  stageProblems(stage, { path, problems });
  answerCapProblems(fields, streams, { path, problems });
  if (!gives(raw, 'account')) accountProblem(stage, { path, problems });
  if (problems.lines.length === before)
    settingsSizeProblems(stage as CollectedStage, streams as Stream[], { path, problems });
  return { ...stage, streams: (streams as Stream[]).toSorted(byName) };
}

function gives(raw: unknown, setting: string): boolean {
  return typeof raw === 'object' && raw !== null && (raw as Record<string, unknown>)[setting] !== undefined;
}

function readStream(
  raw: unknown,
  at: { readonly path: string; readonly problems: Problems },
): Partial<Stream> {
  const fields = readFields(streamFields, raw, at);
  const linked = fields.pullUrl === undefined ? undefined : new URL(fields.pullUrl).searchParams;
  const { every, cron, timeZone, witnessEvery, was, ...plain } = fields;
  const ownId = fields.id ?? linked?.get('stream_id') ?? undefined;
  const called = fields.name ?? ownId;
  const stream: Partial<Stream> = {
    ...plain,
    batchSize: Math.min(fields.batchSize ?? mostAsked, batchSizeIn(linked) ?? mostAsked),
    // All that is stored, and every name on AWS, stays under the name of before.
    name: was ?? called,
    ...(was !== undefined && called !== was && { label: called }),
    id: ownId ?? was ?? called,
    schedule: readSchedule(fields, at),
    destinations: readDestinations(fields.destinations ?? [], at),
    witness: readWitness(fields, at),
    alarms: readStreamAlarms(fields.alarms, { path: `${at.path}.alarms`, problems: at.problems }),
  };
  streamProblems(stream, raw, at);
  return stream;
}

const mostAsked = 1_000;

/**
 * The batch size that a link asks for. No collect asks for more, and an answer counts as short only beside the
 * number that was asked for.
 */
function batchSizeIn(linked: URLSearchParams | undefined): number | undefined {
  const written = Number(linked?.get('batch_size') ?? Number.NaN);
  return Number.isInteger(written) && written > 0 ? written : undefined;
}

function readWitness(
  { witness, witnessEvery }: { readonly witness?: Witness['mode']; readonly witnessEvery?: string },
  { path, problems }: { readonly path: string; readonly problems: Problems },
): Witness | undefined {
  if (witness === undefined) {
    if (witnessEvery !== undefined)
      problems.add(`${path}.witnessEvery`, 'has no meaning without witness; take it out or give witness');
    return undefined;
  }
  const period = witnessEvery === undefined ? 3_600 : readEvery(witnessEvery);
  if (typeof period === 'number' && period <= longestWitnessSeconds) {
    return { mode: witness, schedule: scheduleEvery(period) };
  }
  problems.add(
    `${path}.witnessEvery`,
    typeof period === 'number' ? `'${witnessEvery}' is above 12 hours; give less` : period.problem,
  );
  return undefined;
}

/** Half of the time that the primary's journal is searched for what a witness read. */
const longestWitnessSeconds = 12 * 3_600;

const defaultPeriodSeconds = 300;

function readSchedule(
  written: { readonly every?: string; readonly cron?: string; readonly timeZone?: string },
  at: { readonly path: string; readonly problems: Problems },
): Schedule | undefined {
  const { every, cron, timeZone } = written;
  if (timeZone !== undefined && !isTimeZone(timeZone)) {
    at.problems.add(
      `${at.path}.timeZone`,
      `'${timeZone}' is no IANA time zone; give one such as 'Europe/Berlin'`,
    );
  }
  if (cron !== undefined) {
    if (every !== undefined) at.problems.add(`${at.path}.cron`, 'stands beside every; give one of the two');
    const problem = cronProblem(cron);
    if (problem !== undefined) at.problems.add(`${at.path}.cron`, problem);
    return {
      expression: `cron(${cron.trim().split(/\s+/).join(' ')})`,
      timeZone: timeZone ?? 'UTC',
      longestGapSeconds: problem === undefined ? longestCronGap(cron, timeZone ?? 'UTC') : 0,
    };
  }
  if (timeZone !== undefined) {
    at.problems.add(`${at.path}.timeZone`, 'has no meaning without cron; take it out or give cron');
  }
  const period = every === undefined ? defaultPeriodSeconds : readEvery(every);
  if (typeof period === 'number') return scheduleEvery(period);
  at.problems.add(`${at.path}.every`, period.problem);
  return undefined;
}

function scheduleEvery(seconds: number): Schedule {
  return {
    expression: rateExpression(seconds),
    timeZone: 'UTC',
    periodSeconds: seconds,
    longestGapSeconds: seconds,
  };
}

function byName(one: Stream, other: Stream): number {
  return one.name < other.name ? -1 : 1;
}
