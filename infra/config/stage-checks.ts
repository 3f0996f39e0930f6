import { deliveryStreamNameOf } from '../../functions/stored/delivery-stream-name.ts';
import { meant } from './fields.ts';
import { collectorNameOf, copierNameOf, scheduleNameOf } from './names.ts';
import type { CheckedPart } from './problems.ts';
import { regions } from './regions.ts';
import { renameProblems } from './rename-checks.ts';
import { partitionOf, sameRegion } from './same-region.ts';
import type { Stage } from './settings.ts';
import type { ReadStream } from './stream-settings.ts';
import { witnessIdOf, witnessNameOf } from './witness.ts';

/** Checks a stage's settings against each other, and its streams against one another. */
export function stageProblems(
  stage: Partial<Omit<Stage, 'streams'>> & {
    readonly name: string;
    readonly streams: readonly ReadStream[];
  },
  { path, problems }: CheckedPart,
): void {
  repeated(
    stage.streams,
    ({ name }) => name,
    (index, first, name) => {
      const [one, other] = [stage.streams[index]!, stage.streams[first]!];
      // A name that is only the id's default is reported with the id, and that of before with the renamed stream.
      if (one.id === other.id || one.label !== undefined || other.label !== undefined) return;
      problems.add(
        `${path}.streams[${index}].name`,
        `'${name}' is also the name of streams[${first}]; give each stream a name of its own`,
      );
    },
  );
  renameProblems(stage.streams, { path, problems });
  sharedNames(stage, { path, problems });
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
  if (stage.region !== undefined) knownRegion(stage.region, { path: `${path}.region`, problems });
  if (stage.secret !== undefined)
    sameRegion(stage.secret, stage.region, { path: `${path}.secret`, problems });
  if (stage.secretKey !== undefined)
    sameRegion(stage.secretKey, stage.region, { path: `${path}.secretKey`, problems });
}

/**
 * Names on AWS that two destinations or streams would share. Those of roles are compared without regard to case, and a
 * stream's name may end as another's destination begins.
 */
function sharedNames(
  stage: { readonly name: string; readonly streams: readonly ReadStream[] },
  { path, problems }: CheckedPart,
): void {
  const named = stage.streams.flatMap(({ name, destinations }, index) => {
    if (name === undefined) return [];
    const stream = { at: `streams[${index}]`, own: name, made: collectorNameOf(stage.name, name) };
    const ofDestinations = (destinations ?? []).map((destination) => ({
      at: `streams[${index}].destinations '${destination.name}'`,
      own: destination.name,
      made: copierNameOf({ stage: stage.name, stream: name, destination: destination.name, end: 'copier' }),
    }));
    return [stream, ...ofDestinations];
  });
  repeated(
    named,
    ({ made }) => made.toLowerCase(),
    (index, first) => {
      const [one, other] = [named[index]!, named[first]!];
      // Equal names are told by themselves, and destinations of one name clash because their streams do.
      if (one.own === other.own) return;
      problems.add(
        `${path}.${one.at}.name`,
        `'${one.own}' makes '${one.made}' on AWS, which ${other.at} has too, capitals or not; give it another name`,
      );
    },
  );
}

/** A witness has a name and an id of its own, which no other stream may have. */
function witnessClashes(
  streams: readonly ReadStream[],
  { witness, name, id }: ReadStream,
  { path, problems }: CheckedPart,
): void {
  if (witness === undefined || name === undefined || id === undefined) return;
  const clash = streams.findIndex(
    (other) =>
      other.name?.toLowerCase() === witnessNameOf(name).toLowerCase() || other.id === witnessIdOf(id),
  );
  if (clash === -1) return;
  problems.add(
    `${path}.witness`,
    `its witness would be '${witnessNameOf(name)}' with the id '${witnessIdOf(id)}', which streams[${clash}] has; give that one another name and id`,
  );
}

/**
 * The problem of a stage without an account: a protected stage belongs to one account, and the credentials at hand
 * must not decide which.
 */
export function accountProblem(
  { terminationProtection }: Partial<Pick<Stage, 'terminationProtection'>>,
  { path, problems }: CheckedPart,
): void {
  if (terminationProtection !== true) return;
  problems.add(
    `${path}.account`,
    'is missing, and the stage is protected; give the 12 digits of its account, or terminationProtection: false for a stage that goes wherever the credentials lead',
  );
}

/**
 * Refuses regions that do not exist, and untried partitions: there the deployer's policies and the console's addresses name
 * nothing, and services lack features that the stack uses.
 */
function knownRegion(region: string, { path, problems }: CheckedPart): void {
  const partition = partitionOf(region);
  if (regions.includes(region)) return;
  if (partition === 'aws') {
    const right = meant(region, regions) ?? "give one such as 'eu-west-1'";
    problems.add(path, `'${region}' is no region that this release knows; ${right}`);
    return;
  }
  problems.add(
    path,
    `'${region}' is in the partition ${partition}, where the relay does not run; give a region of the partition aws, such as 'eu-west-1'`,
  );
}

/** Firehose, Lambda and Scheduler all take names of up to 64 characters. */
function nameLengths(stage: string, stream: ReadStream, { path, problems }: CheckedPart): void {
  if (stream.name === undefined) return;
  const names = [
    collectorNameOf(stage, stream.name),
    scheduleNameOf(stream.name, 'collect'),
    ...(stream.witness === undefined ? [] : [collectorNameOf(stage, witnessNameOf(stream.name))]),
    // A copier's is no longer than its delivery stream's.
    ...(stream.destinations ?? []).map((destination) =>
      deliveryStreamNameOf({
        stage,
        stream: stream.name as string,
        destination: destination.name,
        mark: '00000000',
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
