import { closeBudgetMs, journalBudgetMs } from '../../functions/collector/budgets.ts';
import { inWords, largeUnits } from './fields.ts';
import { type CheckedPart, given, wasRefused } from './problems.ts';
import type { ReadStream } from './stream-settings.ts';

/** Checks a stream's settings against each other. A check is left out where a setting that it needs was refused. */
export function streamProblems(
  stream: ReadStream,
  { raw, fields }: { readonly raw: unknown; readonly fields: object },
  { path, problems }: CheckedPart,
): void {
  // What is no object was told as a whole.
  if (typeof raw !== 'object' || raw === null) return;
  const gave = new Set(Object.keys(raw));
  const refused = (setting: string) => wasRefused(raw, fields, setting);
  const called = stream.label ?? stream.name;
  if (gave.has('id') && gave.has('pullUrl')) {
    problems.add(`${path}.pullUrl`, 'stands beside id; give one of the two');
  }
  if (!gave.has('id') && !gave.has('pullUrl')) {
    problems.add(`${path}.id`, "is missing; give Mosaic's id of the stream, or a pullUrl");
  } else if (stream.name === undefined && gave.has('pullUrl') && !refused('pullUrl') && !refused('name')) {
    problems.add(`${path}.name`, 'is missing; a pull URL without stream_id needs one');
  } else if (!gave.has('name') && called !== undefined && !namePattern.test(called)) {
    problems.add(
      `${path}.name`,
      `is missing, and '${called}' cannot stand for it; give letters, digits and -, up to 32`,
    );
  }
  const isCalled = !['name', 'id', 'pullUrl'].some(refused);
  if (gave.has('was') && !refused('was') && isCalled && stream.label === undefined) {
    problems.add(`${path}.was`, 'is its name still; give another name, or take it out');
  }
  pullUrlProblems(stream, gave, { path, problems });
  timeoutProblems(stream, { path, problems });
  pollProblems(stream, { path, problems });
  alarmProblems(stream, given(given(raw, 'alarms'), 'quiet') !== undefined, { path, problems });
}

/** Seconds that a run needs to start, with its first writes to the table. Journaling and closing come on top. */
const startingSeconds = 7;
const journalBudgetSeconds = journalBudgetMs / 1_000;
const closingSeconds = startingSeconds + closeBudgetMs / 1_000;

const namePattern = /^[A-Za-z0-9][A-Za-z0-9-]{0,31}$/;

function pullUrlProblems(
  stream: ReadStream,
  gave: ReadonlySet<string>,
  { path, problems }: CheckedPart,
): void {
  if (stream.pullUrl === undefined) return;
  const type = new URL(stream.pullUrl).searchParams.get('type');
  if (type !== null && stream.type !== undefined && type !== stream.type) {
    problems.add(`${path}.type`, `'${stream.type}' is not the type in pullUrl; give '${type}'`);
  }
  if (gave.has('witness')) {
    problems.add(
      `${path}.witness`,
      'has no meaning with pullUrl: how such a stream was created is not known, so no copy of it can be; give id',
    );
  }
  for (const key of ['retention', 'enrichment', 'onRemoval', 'adopt', 'autoReopen'].filter((name) =>
    gave.has(name),
  )) {
    problems.add(
      `${path}.${key}`,
      'has no meaning with pullUrl: such a stream is never created or deleted by us; take it out',
    );
  }
}

/** A run polls in the minute that it began in, so that the next tick finds the lease free. */
function pollProblems({ pollWithin, schedule }: ReadStream, { path, problems }: CheckedPart): void {
  const seldom = schedule?.periodSeconds !== undefined && schedule.periodSeconds > 60;
  if (pollWithin === undefined || pollWithin === 0 || !seldom) return;
  problems.add(
    `${path}.pollWithin`,
    `polls in the first minute of a run alone, and the next run is ${schedule.periodSeconds / 60} minutes away; give every: '1 minute', or take it out`,
  );
}

function timeoutProblems({ timeout, collectTimeout }: ReadStream, { path, problems }: CheckedPart): void {
  if (timeout === undefined || collectTimeout === undefined) return;
  const least = collectTimeout + journalBudgetSeconds + closingSeconds;
  if (timeout >= least) return;
  problems.add(
    `${path}.timeout`,
    `${timeout} seconds are below ${least}: one collect (${collectTimeout}), its journal (${journalBudgetSeconds}) and closing (${closingSeconds}) must fit; give '${least} seconds' or more, or a smaller collectTimeout`,
  );
}

/**
 * Refuses an alarm that looks back less far than from one run to the next, because it would never be quiet. An
 * interval and a timeout may lie between the ends of two runs, since a run goes on delivering until its timeout.
 */
function alarmProblems(
  { alarms, schedule, timeout = 0 }: ReadStream,
  gaveQuiet: boolean,
  { path, problems }: CheckedPart,
): void {
  if (alarms === undefined || schedule === undefined) return;
  const gap = schedule.longestGapSeconds;
  const gapInWords = inWords(gap, largeUnits);
  if (!gaveQuiet && 2 * gap > longestLookBackSeconds) {
    problems.add(
      `${path}.alarms.quiet`,
      `is missing: its schedule may let ${gapInWords} pass, and CloudWatch looks back 7 days at most; give 'off', or a schedule of 3 days or less`,
    );
  }
  const { failing, notRunning } = alarms;
  const quiet = alarms.quiet === 'off' ? undefined : alarms.quiet;
  const least = inWords(gap + timeout, largeUnits);
  for (const [name, seconds] of Object.entries({ quiet, failing, notRunning })) {
    if (seconds === undefined) continue;
    const given = `${inWords(seconds, largeUnits)} are below the`;
    if (seconds < gap) {
      problems.add(
        `${path}.alarms.${name}`,
        `${given} ${gapInWords} that its schedule may let pass; give more`,
      );
    } else if (name !== 'failing' && seconds < gap + timeout) {
      problems.add(
        `${path}.alarms.${name}`,
        `${given} ${least} from the end of one run to the end of the next, where a run delivers until its timeout; give '${least}' or more, or leave it out`,
      );
    }
  }
}

/** @see CloudWatch API reference, "PutMetricAlarm", Period */
const longestLookBackSeconds = 7 * 86_400;
