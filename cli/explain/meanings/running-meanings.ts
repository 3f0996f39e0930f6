import { type Change, harmless, type Meaning, type ResourceMeaning, type Told } from '../change.ts';

/** Functions, what starts them, and what they may do. */
export const runningMeanings: Readonly<Record<string, ResourceMeaning>> = {
  'Custom::MosaicStream': {
    thing: "Mosaic's stream",
    replacedBy: ['StreamName', 'ServiceToken'],
    added: {
      level: 'note',
      says: 'Mosaic creates the stream; events raised before are not in it. If Mosaic has it already and the table does not know it, the deploy fails: see adopt',
    },
    removed: (change) =>
      propertyOf(change, 'OnRemoval') === 'delete'
        ? { level: 'data', says: 'Mosaic deletes the stream, and its backlog is gone (onRemoval)' }
        : {
            level: 'stops',
            says: 'nobody collects the stream any more. Mosaic keeps it and its backlog; while batches are undelivered, the deploy is refused',
          },
    replaced: {
      level: 'data',
      says: 'the stream has another name: its journal and its progress stay behind under the old one. Give was: with the old name in the settings; the id may change',
    },
    changed: ofMosaicStream,
  },
  'Custom::Undelivered': {
    thing: 'guard of undelivered batches',
    replacedBy: ['ServiceToken'],
    ...everywhere(harmless('refuses what would leave undelivered batches behind')),
    changed: ({ after }) =>
      after?.Properties?.Leave === 'true'
        ? { level: 'data', says: 'lets this deploy leave undelivered batches behind, or delete them early' }
        : harmless(
            'refuses the deploy if a stream that goes has undelivered batches, or some are older than shorter limits allow',
          ),
  },
  'Custom::Delivery': {
    thing: 'names of a destination',
    replacedBy: ['ServiceToken'],
    ...everywhere(harmless('says what the names of the destination end with; what exists keeps its name')),
  },
  'AWS::Lambda::Function': {
    thing: 'function',
    replacedBy: ['FunctionName', 'PackageType', 'TenancyConfig'],
    added: harmless('runs when its schedule or queue calls it'),
    removed: ({ kept }) =>
      kept
        ? {
            level: 'note',
            says: 'stays, and goes on with what waits for it. relay forget --yes deletes it when nothing does',
          }
        : { level: 'stops', says: 'nothing runs it any more; a run that is under way ends first' },
    replaced: {
      level: 'stops',
      says: 'a function of another name takes over: the ticks of the minutes between run neither',
    },
    changed: ({ properties }) => ({
      level: properties.includes('ReservedConcurrentExecutions') ? 'note' : 'harmless',
      says: 'a run that is under way ends with the old code. A tick between new code and new settings fails without asking Mosaic, and is tried again after a minute',
    }),
  },
  'AWS::Lambda::EventInvokeConfig': {
    thing: 'retry settings',
    replacedBy: ['FunctionName', 'Qualifier'],
    ...everywhere(harmless('says how late a tick may be; the next tick collects what a dropped one did not')),
  },
  'AWS::Lambda::EventSourceMapping': {
    thing: 'link from queue to copier',
    replacedBy: [
      'EventSourceArn',
      'StartingPosition',
      'StartingPositionTimestamp',
      'SelfManagedEventSource',
      'SelfManagedKafkaEventSourceConfig',
      'AmazonManagedKafkaEventSourceConfig',
    ],
    added: harmless('the copier takes objects from its queue'),
    removed: ({ kept }) =>
      kept
        ? harmless('stays, and the copier goes on')
        : { level: 'stops', says: 'objects are no longer copied; they wait in the queue, and in the bucket' },
    replaced: harmless('objects wait in the queue for the minutes between'),
    changed: (change) =>
      String(propertyOf(change, 'Enabled')) === 'false'
        ? { level: 'stops', says: 'objects are no longer copied; they wait in the queue for 14 days' }
        : harmless('objects wait in the queue for the moment between'),
  },
  'AWS::Scheduler::Schedule': {
    thing: 'schedule',
    replacedBy: ['Name'],
    added: harmless('begins with its next tick'),
    removed: { level: 'stops', says: 'starts nothing any more: no collect or no sweep of this stream' },
    replaced: { level: 'note', says: 'a schedule of another name takes over; a tick between may be missed' },
    changed: scheduleChange,
  },
  'AWS::Scheduler::ScheduleGroup': {
    thing: 'group of schedules',
    replacedBy: ['Name'],
    added: harmless('holds the schedules'),
    removed: {
      level: 'stops',
      says: 'nothing is collected or swept any more: every schedule goes with its group',
    },
    replaced: {
      level: 'stops',
      says: 'every schedule is made anew: ticks are missed for some minutes, in which Mosaic keeps the events',
    },
    changed: harmless('the schedules stay'),
  },
  'AWS::IAM::Role': {
    thing: 'role',
    replacedBy: ['RoleName', 'Path'],
    added: harmless('gives permissions'),
    removed: ({ kept }) =>
      kept
        ? harmless('stays for what still uses it; relay forget --yes deletes it with that')
        : harmless('goes with what used it'),
    replaced: {
      level: 'data',
      says: "the role's name changes: whoever trusts it by name, such as Google's identity pool or a bucket of another account, refuses until it trusts the new one",
    },
    changed: harmless('a run that is under way ends with the permissions that its calls need'),
  },
  'AWS::S3::BucketPolicy': policyOf('bucket', ['Bucket']),
  'AWS::SQS::QueuePolicy': policyOf('queue', []),
};

/** Refusals of the stream-lifecycle function, in the words of its remedies. */
function ofMosaicStream(change: Change): Meaning {
  const { properties } = change;
  const refused = (says: string): Meaning => ({ level: 'refused', says });
  if (properties.includes('StreamType'))
    return refused('a stream cannot carry another type: give the one of the new type a name of its own');
  if (properties.includes('Mosaic') && movesElsewhere(change)) {
    return refused(
      'the collector would read another Mosaic, and nobody what this one still holds: give the stream another name, or the other Mosaic a stage of its own; where both addresses are one Mosaic, deploy once with -c adopt=NAME',
    );
  }
  const fixed = properties.filter((name) => ['RetentionDays', 'Enrichment'].includes(name));
  if (fixed.length > 0 && !properties.includes('StreamId')) {
    return refused(
      `Mosaic cannot change ${fixed.join(', ')} of a stream; give the stream another id, which makes a new one`,
    );
  }
  if (properties.includes('StreamId')) {
    return {
      level: 'note',
      says: 'Mosaic creates the stream of the new id. The old one is read until it is empty, and never deleted',
    };
  }
  if (properties.includes('Adopt')) {
    return {
      level: 'note',
      says: 'nothing where the table knows the stream; else a stream that Mosaic has already is taken over: look first who reads it',
    };
  }
  return harmless('the stream and its backlog stay');
}

/** An upgrade gives each stream the address that it has. A change set has no values, so that a move is possible there. */
function movesElsewhere({ before, after }: Change): boolean {
  const was = before?.Properties?.Mosaic;
  return (before === undefined || was !== undefined) && after?.Properties?.Adopt !== 'true';
}

function scheduleChange(change: Change): Meaning {
  if (propertyOf(change, 'State') === 'DISABLED') {
    return { level: 'stops', says: 'starts nothing any more, until it is enabled again' };
  }
  const { before, after } = change;
  const [was, is] = [before, after].map((each) => each?.Properties?.ScheduleExpression);
  const times =
    typeof was === 'string' && typeof is === 'string' && was !== is ? `${was} becomes ${is}. ` : '';
  return {
    level: times === '' && !change.properties.includes('ScheduleExpression') ? 'harmless' : 'note',
    says: `${times}Nothing is lost${collects(change) ? '; a stream that relay pause has paused is collected again' : ''}`,
  };
}

/** True for the schedule that `relay pause` turns off, and where nobody can tell. */
function collects({ before, after }: Change): boolean {
  const { Input } = Object((after ?? before)?.Properties?.Target) as { readonly Input?: unknown };
  return typeof Input !== 'string' || Input.includes('"collect"');
}

function policyOf(owner: string, replacedBy: readonly string[]): ResourceMeaning {
  return {
    thing: `policy of the ${owner}`,
    replacedBy,
    ...everywhere(harmless(`who may use the ${owner}, which follows the settings; its contents stay`)),
    removed: harmless(`goes with the ${owner}, or stays with it`),
  };
}

function everywhere(told: Meaning): Readonly<Record<'added' | 'removed' | 'replaced' | 'changed', Told>> {
  return { added: told, removed: told, replaced: told, changed: told };
}

/** A property as it will be, or as it was. */
function propertyOf({ before, after }: Change, name: string): unknown {
  return (after ?? before)?.Properties?.[name];
}
