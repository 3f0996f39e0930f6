import { inWords, largeUnits } from './fields.ts';
import { collectorNameOf, deliveryStreamNameOf, scheduleNameOf } from './names.ts';
import type { Path, Problems } from './problems.ts';
import type { Stage, Stream } from './stage.ts';
import { witnessIdOf, witnessNameOf } from './witness.ts';

/** What settings ask of each other. A check is left out where what it needs was itself refused. */

interface Place {
  readonly path: Path;
  readonly problems: Problems;
}

/** What a run needs beside one collect call. @see functions/collector/journal-answer.ts, functions/collector/run.ts */
const journalBudgetSeconds = 30;
const closingSeconds = 15;

export function streamProblems(stream: Partial<Stream>, written: unknown, { path, problems }: Place): void {
  const gave = new Set(Object.keys(typeof written === 'object' && written !== null ? written : {}));
  if (gave.has('id') && gave.has('pullUrl')) {
    problems.add(`${path}.pullUrl`, 'stands beside id; give one of the two');
  }
  if (!gave.has('id') && !gave.has('pullUrl')) {
    problems.add(`${path}.id`, "is missing; give Mosaic's id of the stream, or a pullUrl");
  } else if (stream.name === undefined && gave.has('pullUrl')) {
    problems.add(`${path}.name`, 'is missing; a pull URL without stream_id needs one');
  } else if (!gave.has('name') && stream.name !== undefined && !namePattern.test(stream.name)) {
    problems.add(
      `${path}.name`,
      `is missing, and '${stream.name}' cannot stand for it; give letters, digits and -, up to 32`,
    );
  }
  pullUrlProblems(stream, gave, { path, problems });
  timeoutProblems(stream, { path, problems });
  pollProblems(stream, { path, problems });
  alarmProblems(stream, { path, problems });
}

const namePattern = /^[A-Za-z0-9][A-Za-z0-9-]{0,31}$/;

function pullUrlProblems(
  stream: Partial<Stream>,
  gave: ReadonlySet<string>,
  { path, problems }: Place,
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
  for (const key of ['retention', 'enrichment', 'onRemoval', 'autoReopen'].filter((name) => gave.has(name))) {
    problems.add(
      `${path}.${key}`,
      'has no meaning with pullUrl: such a stream is never created or deleted by us; take it out',
    );
  }
}

/** A run polls in the minute that it began in, so that the next tick finds the lease free. */
function pollProblems({ pollWithinSeconds, schedule }: Partial<Stream>, { path, problems }: Place): void {
  const seldom = schedule?.periodSeconds !== undefined && schedule.periodSeconds > 60;
  if (pollWithinSeconds === undefined || pollWithinSeconds === 0 || !seldom) return;
  problems.add(
    `${path}.pollWithin`,
    `polls in the first minute of a run alone, and the next run is ${schedule.periodSeconds / 60} minutes away; give every: '1 minute', or take it out`,
  );
}

function timeoutProblems(
  { timeoutSeconds, collectTimeoutSeconds }: Partial<Stream>,
  { path, problems }: Place,
): void {
  if (timeoutSeconds === undefined || collectTimeoutSeconds === undefined) return;
  const least = collectTimeoutSeconds + journalBudgetSeconds + closingSeconds;
  if (timeoutSeconds >= least) return;
  problems.add(
    `${path}.timeout`,
    `${timeoutSeconds} seconds are below ${least}: one collect (${collectTimeoutSeconds}), its journal (${journalBudgetSeconds}) and closing (${closingSeconds}) must fit; give '${least} seconds' or more, or a smaller collectTimeout`,
  );
}

/** An alarm that looks back less far than from one run to the next would never be quiet. */
function alarmProblems({ alarms, schedule }: Partial<Stream>, { path, problems }: Place): void {
  if (alarms === undefined || schedule === undefined) return;
  const gap = schedule.longestGapSeconds;
  const gapInWords = inWords(gap, largeUnits);
  if (alarms.quietSeconds === undefined && 2 * gap > longestLookBackSeconds) {
    problems.add(
      `${path}.alarms.quiet`,
      `is missing: its schedule may let ${gapInWords} pass, and CloudWatch looks back 7 days at most; give 'off', or a schedule of 3 days or less`,
    );
  }
  const spans = {
    quiet: alarms.quietSeconds === 'off' ? undefined : alarms.quietSeconds,
    failing: alarms.failingSeconds,
    notRunning: alarms.notRunningSeconds,
  };
  for (const [name, seconds] of Object.entries(spans)) {
    if (seconds === undefined || seconds >= gap) continue;
    problems.add(
      `${path}.alarms.${name}`,
      `${inWords(seconds, largeUnits)} are below the ${gapInWords} that its schedule may let pass; give more`,
    );
  }
}

/** @see CloudWatch API reference, "PutMetricAlarm", Period */
const longestLookBackSeconds = 7 * 86_400;

export function stageProblems(
  stage: Partial<Omit<Stage, 'streams'>> & {
    readonly name: string;
    readonly streams: readonly Partial<Stream>[];
  },
  { path, problems }: Place,
): void {
  repeated(
    stage.streams,
    ({ name }) => name,
    (index, first, name) => {
      // A name that is only the id's default is reported with the id.
      if (stage.streams[index]?.id === stage.streams[first]?.id) return;
      problems.add(
        `${path}.streams[${index}].name`,
        `'${name}' is also the name of streams[${first}]; give each stream a name of its own`,
      );
    },
  );
  repeated(
    stage.streams,
    ({ id }) => id,
    (index, first, id) =>
      problems.add(
        `${path}.streams[${index}].id`,
        `'${id}' is also the id of streams[${first}]; two readers of one stream would split its events`,
      ),
  );
  repeated(
    stage.streams,
    ({ pullUrl }) => pullUrl,
    (index, first) =>
      problems.add(
        `${path}.streams[${index}].pullUrl`,
        `is also the one of streams[${first}]; two readers of one stream would split its events`,
      ),
  );
  stage.streams.forEach((stream, index) => {
    nameLengths(stage.name, stream, { path: `${path}.streams[${index}]`, problems });
    witnessClashes(stage.streams, stream, { path: `${path}.streams[${index}]`, problems });
    for (const destination of stream.destinations ?? []) {
      for (const named of [...destination.secrets, ...(destination.places ?? [])]) {
        sameRegion(named.arn, stage.region, {
          path: `${path}.streams[${index}].destinations '${destination.name}'.${named.path}`,
          problems,
        });
      }
    }
  });
  if (stage.secret !== undefined)
    sameRegion(stage.secret, stage.region, { path: `${path}.secret`, problems });
  if (stage.secretKey !== undefined)
    sameRegion(stage.secretKey, stage.region, { path: `${path}.secretKey`, problems });
}

/** A witness has a name and an id of its own, which no other stream may have. */
function witnessClashes(
  streams: readonly Partial<Stream>[],
  { witness, name, id }: Partial<Stream>,
  { path, problems }: Place,
): void {
  if (witness === undefined || name === undefined || id === undefined) return;
  const clash = streams.findIndex(
    (other) => other.name === witnessNameOf(name) || other.id === witnessIdOf(id),
  );
  if (clash === -1) return;
  problems.add(
    `${path}.witness`,
    `its witness would be '${witnessNameOf(name)}' with the id '${witnessIdOf(id)}', which streams[${clash}] has; give that one another name and id`,
  );
}

/** Of a stage without an account: one that is protected belongs somewhere, and no stray credentials shall decide where. */
export function accountProblem(
  { terminationProtection }: Partial<Pick<Stage, 'terminationProtection'>>,
  { path, problems }: Place,
): void {
  if (terminationProtection !== true) return;
  problems.add(
    `${path}.account`,
    'is missing, and the stage is protected; give the 12 digits of its account, or terminationProtection: false for a stage that goes wherever the credentials lead',
  );
}

/** A secret is read where the stack is: Firehose takes no other, and the function's endpoint is the region's. */
function sameRegion(arn: string, region: string | undefined, { path, problems }: Place): void {
  if (!arn.startsWith('arn:') || region === undefined) return;
  const [, partition, , itsRegion] = arn.split(':');
  if (partition !== partitionOf(region)) {
    problems.add(
      path,
      `is in the partition ${partition}, and ${region} in ${partitionOf(region)}; give one in ${partitionOf(region)}`,
    );
  } else if (itsRegion !== '' && itsRegion !== region) {
    problems.add(path, `is in ${itsRegion}, and the stage in ${region}; give one in ${region}`);
  }
}

/** @see AWS General Reference, "AWS partitions" */
function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  if (region.startsWith('us-gov-')) return 'aws-us-gov';
  const isolated = /^(us|eu)-(iso[a-z]?)-/.exec(region)?.[2];
  return isolated === undefined ? 'aws' : `aws-${isolated.replace(/^iso(?=[a-z])/, 'iso-')}`;
}

/** Firehose, Lambda and Scheduler all take names of up to 64 characters. */
function nameLengths(stage: string, stream: Partial<Stream>, { path, problems }: Place): void {
  if (stream.name === undefined) return;
  const names = [
    collectorNameOf(stage, stream.name),
    scheduleNameOf(stream.name, 'collect'),
    ...(stream.witness === undefined ? [] : [collectorNameOf(stage, witnessNameOf(stream.name))]),
    // A copier's is shorter than its delivery stream's.
    ...(stream.destinations ?? []).map((destination) =>
      deliveryStreamNameOf({
        stage,
        stream: stream.name as string,
        destination: destination.name,
        suffix: '00000000',
      }),
    ),
  ];
  for (const name of names.filter(({ length }) => length > 64)) {
    problems.add(
      `${path}.name`,
      `makes '${name}' on AWS, ${name.length} characters; give a name ${name.length - 64} characters shorter`,
    );
  }
}

function repeated<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string | undefined,
  found: (index: number, first: number, key: string) => void,
): void {
  const firsts = new Map<string, number>();
  items.forEach((item, index) => {
    const key = keyOf(item);
    if (key === undefined) return;
    const first = firsts.get(key);
    if (first === undefined) firsts.set(key, index);
    else found(index, first, key);
  });
}
