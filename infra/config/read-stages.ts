import { readStageAlarms, readStreamAlarms } from './alarm-settings.ts';
import { answerCapProblems } from './answer-caps.ts';
import type { CollectedStage } from './collector-settings.ts';
import { longestCronGap } from './cron-gap.ts';
import { exampleValues } from './example-values.ts';
import {
  type CheckedPart,
  given,
  listGiven,
  noProblems,
  type Problems,
  readFields,
  wasRefused,
} from './problems.ts';
import { readDestinations } from './read-destinations.ts';
import { readViews } from './read-views.ts';
import type { Schedule } from './schedule-expression.ts';
import { cronProblem, isTimeZone, rateExpression, readEvery } from './schedule-expression.ts';
import type { Stage } from './settings.ts';
import { stageFields, stageName } from './settings.ts';
import { settingsSizeProblems } from './settings-size.ts';
import { accountProblem, stageProblems } from './stage-checks.ts';
import { streamProblems } from './stream-checks.ts';
import { type ReadStream, type Stream, streamFields } from './stream-settings.ts';
import { viewProblems } from './view-checks.ts';
import type { Witness } from './witness-link.ts';

/**
 * Reads the whole settings file, every stage of it, and reports every problem at once. A check between settings, streams
 * or destinations leaves out what was refused, and is made of the rest.
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
  const { environment, streams: written, ...rest } = fields;
  const alarms = readStageAlarms(rest.alarms, { path: `${path}.alarms`, problems });
  const views = readViews(rest.views, { path: `${path}.views`, problems });
  const isSound = problems.lines.length === before;
  const sound = new Map<number, Stream>();
  const streams = listGiven(raw, 'streams', written).map((stream, index) => {
    const told = problems.lines.length;
    const read = readStream(stream, { path: `${path}.streams[${index}]`, problems });
    if (problems.lines.length === told) sound.set(index, read as Stream);
    return read;
  });
  const examples = exampleValues(raw, path);
  const stage = { ...rest, name, mosaicUrl: environment, streams, alarms, views, examples };
  stageProblems(stage, { path, problems });
  viewProblems(
    views,
    { written: Object.keys(fields.views ?? {}), streams, region: fields.region },
    { path, problems },
  );
  answerCapProblems(fields, streams, { path, problems });
  if (given(raw, 'account') === undefined) accountProblem(stage, { path, problems });
  if (isSound) settingsSizeProblems(stage as CollectedStage, sound, { path, problems });
  return { ...stage, streams: (streams as Stream[]).toSorted(byName) };
}

function readStream(raw: unknown, at: CheckedPart): ReadStream {
  const fields = readFields(streamFields, raw, at);
  const linked = fields.pullUrl === undefined ? undefined : new URL(fields.pullUrl).searchParams;
  const { every, cron, timeZone, witnessEvery, was, ...plain } = fields;
  const ownId = fields.id ?? linked?.get('stream_id') ?? undefined;
  const called = wasRefused(raw, fields, 'name') ? undefined : (fields.name ?? ownId);
  const stream: ReadStream = {
    ...plain,
    batchSize: Math.min(fields.batchSize ?? mostAsked, batchSizeIn(linked) ?? mostAsked),
    // All that is stored, and every name on AWS, stays under the name of before.
    name: was ?? called,
    ...(was !== undefined && called !== was && { label: called }),
    id: ownId ?? was ?? called,
    schedule: readSchedule(raw, fields, at),
    destinations: readDestinations(listGiven(raw, 'destinations', fields.destinations), at),
    witness: readWitness(raw, fields, at),
    alarms: readStreamAlarms(fields.alarms, { path: `${at.path}.alarms`, problems: at.problems }),
  };
  streamProblems(stream, { raw, fields }, at);
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
  raw: unknown,
  fields: { readonly witness?: Witness['mode']; readonly witnessEvery?: string },
  { path, problems }: CheckedPart,
): Witness | undefined {
  const { witness, witnessEvery } = fields;
  if (witness === undefined) {
    if (witnessEvery !== undefined && !wasRefused(raw, fields, 'witness'))
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

/** Undefined where a part of it was refused. */
function readSchedule(
  raw: unknown,
  fields: { readonly every?: string; readonly cron?: string; readonly timeZone?: string },
  at: CheckedPart,
): Schedule | undefined {
  const { every, cron, timeZone } = fields;
  const isRefused = ['every', 'cron', 'timeZone'].some((setting) => wasRefused(raw, fields, setting));
  if (timeZone !== undefined && !isTimeZone(timeZone)) {
    at.problems.add(
      `${at.path}.timeZone`,
      `'${timeZone}' is no IANA time zone; give one such as 'Europe/Berlin'`,
    );
  }
  if (cron !== undefined) {
    if (given(raw, 'every') !== undefined)
      at.problems.add(`${at.path}.cron`, 'stands beside every; give one of the two');
    const problem = cronProblem(cron);
    if (problem !== undefined) at.problems.add(`${at.path}.cron`, problem);
    if (problem !== undefined || isRefused || !isTimeZone(timeZone ?? 'UTC')) return undefined;
    return {
      expression: `cron(${cron.trim().split(/\s+/).join(' ')})`,
      timeZone: timeZone ?? 'UTC',
      longestGapSeconds: longestCronGap(cron, timeZone ?? 'UTC'),
    };
  }
  if (timeZone !== undefined && !wasRefused(raw, fields, 'cron')) {
    at.problems.add(`${at.path}.timeZone`, 'has no meaning without cron; take it out or give cron');
  }
  const period = every === undefined ? defaultPeriodSeconds : readEvery(every);
  if (typeof period === 'number') return isRefused ? undefined : scheduleEvery(period);
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
