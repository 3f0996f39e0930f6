import { type Change, harmless, type Meaning, type ResourceMeaning } from '../change.ts';

const noSettingsDoThis = 'Stop: no change of settings does this';

/** Resources that hold events, progress, or the keys to them. */
export const dataMeanings: Readonly<Record<string, ResourceMeaning>> = {
  'AWS::DynamoDB::Table': {
    thing: 'table',
    replacedBy: ['TableName', 'KeySchema', 'ImportSourceSpecification'],
    added: harmless('the progress of every stream and the history of runs will stand here'),
    removed: ({ kept }) =>
      data(
        kept
          ? `the table stays with what it holds, but no stream uses it: progress starts anew. ${noSettingsDoThis}`
          : 'the table is deleted, and with it the progress of every stream and the history of runs',
      ),
    replaced: data(
      `an empty table takes its place: progress and history start anew, and only the daily audit finds unfinished runs. ${noSettingsDoThis}`,
    ),
    changed: (change) =>
      ofDeletion(change, ['DeletionPolicy', 'DeletionProtectionEnabled']) ??
      harmless('the table and its items stay'),
  },
  'AWS::S3::Bucket': {
    thing: 'bucket',
    replacedBy: ['BucketName', 'BucketNamePrefix', 'BucketNamespace', 'ObjectLockEnabled'],
    added: harmless(
      'journal, quarantine, backups and delivered objects, or the access logs of these, will lie here',
    ),
    removed: ({ kept }) =>
      data(
        kept
          ? `the bucket stays with what it holds, but no stream uses it: the journal starts anew. ${noSettingsDoThis}`
          : 'the bucket is deleted with journal, quarantine and backups, if it is empty; else the deletion fails',
      ),
    replaced: data(
      `an empty bucket takes its place: the journal starts anew, and what is undelivered stays behind in the old one. ${noSettingsDoThis}`,
    ),
    changed: (change) =>
      shorterLife(change) ??
      ofDeletion(change, ['DeletionPolicy']) ??
      untoldObjects(change) ??
      harmless('all objects stay'),
  },
  'AWS::KMS::Key': {
    thing: 'key',
    replacedBy: [],
    added: harmless('what is written from now on is encrypted with this key'),
    removed: ({ kept }) =>
      kept
        ? {
            level: 'note',
            says: 'the key leaves the stack and stays, with its policy: what it encrypted is read and delivered as before. Delete it when journal, backups, queues and kept delivery streams of before are empty or expired',
          }
        : data(
            'the key is destroyed after its waiting period: nothing that it encrypted can be read after that',
          ),
    replaced: data('another key takes its place; without the old one nothing that it encrypted can be read'),
    changed: (change) =>
      ofDeletion(change, ['DeletionPolicy']) ?? harmless('what is encrypted stays readable'),
  },
  'AWS::KinesisFirehose::DeliveryStream': {
    thing: 'delivery stream',
    replacedBy: [
      'DeliveryStreamName',
      'DeliveryStreamType',
      'DirectPutSourceConfiguration',
      'KinesisStreamSourceConfiguration',
      'MSKSourceConfiguration',
      'DatabaseSourceConfiguration',
    ],
    added: harmless('gets the events that are collected from now on; relay replay brings earlier ones'),
    removed: ({ kept }) =>
      kept
        ? {
            level: 'note',
            says: 'gets no more events. It stays, with its role and log, and delivers or backs up what it holds. relay forget shows it, and with --yes deletes it when it is empty. The destination can be put back at any time, and gets another one',
          }
        : data('is deleted with what it has not delivered yet; the journal still has it: relay replay'),
    replaced: data(
      'its name changes: a new delivery stream takes over, the old one stays and delivers what it holds; relay forget --yes deletes it when it is empty',
    ),
    changed: (change) =>
      otherCompression(change) ?? harmless('what it holds is delivered by the new settings'),
  },
  'AWS::SQS::Queue': {
    thing: 'queue',
    replacedBy: ['QueueName', 'FifoQueue'],
    added: harmless('starts empty'),
    removed: ({ kept }) =>
      kept
        ? {
            level: 'note',
            says: 'stays, and its copier goes on with what waits in it. relay forget --yes deletes both when it is empty. The destination can be put back at any time, and gets others',
          }
        : data('is deleted with the copies or ticks that wait in it'),
    replaced: data('an empty queue takes its place: what waits in the old one is not copied'),
    changed: harmless('what waits in it stays'),
  },
  'AWS::Logs::LogGroup': {
    thing: 'log group',
    replacedBy: ['LogGroupName'],
    added: harmless('holds log lines, and no events'),
    removed: ({ kept }) =>
      kept
        ? harmless('stays with its log lines')
        : { level: 'note', says: 'its log lines are deleted; they are no events' },
    replaced: { level: 'note', says: 'its log lines of before are deleted or stay under the old name' },
    changed: harmless('log lines are kept for as long as its RetentionInDays says'),
  },
  'AWS::Logs::LogStream': {
    thing: 'log stream',
    replacedBy: ['LogStreamName', 'LogGroupName'],
    added: harmless('holds the errors of a delivery stream'),
    removed: harmless('held the errors of a delivery stream, and no events'),
    replaced: harmless('holds the errors of a delivery stream, and no events'),
    changed: harmless('holds the errors of a delivery stream, and no events'),
  },
};

function data(says: string): Meaning {
  return { level: 'data', says };
}

function ofDeletion({ properties, after }: Change, names: readonly string[]): Meaning | undefined {
  const changed = properties.filter((name) => names.includes(name));
  if (changed.length === 0) return undefined;
  const kept = after?.DeletionPolicy?.startsWith('Retain');
  return {
    level: 'note',
    says:
      kept === false
        ? 'is no longer kept: deleting the stack deletes it from now on'
        : 'nothing happens now; what a deletion of the stack does to it changes',
  };
}

interface LifecycleRule {
  readonly Id?: unknown;
  readonly Prefix?: unknown;
  readonly ExpirationInDays?: unknown;
}

/** Objects that lose days of their life. */
function shorterLife({ properties, before, after }: Change): Meaning | undefined {
  if (!properties.includes('LifecycleConfiguration')) return undefined;
  const was = rulesOf(before);
  const shorter = rulesOf(after).flatMap(({ key, days }) => {
    const old = was.find((rule) => rule.key === key);
    return old !== undefined && days < old.days ? `${key} after ${days} days, not ${old.days}` : [];
  });
  const first = rulesOf(after).filter(({ key }) => !was.some((rule) => rule.key === key));
  if (shorter.length > 0) {
    return data(
      `objects are deleted sooner: ${shorter.join('; ')}. What is older now is gone within two days`,
    );
  }
  const compared = before !== undefined && after !== undefined;
  if (compared && first.length > 0) {
    const named = first.map(({ key, days }) => `${key} after ${days} days`).join('; ');
    return {
      level: 'note',
      says: `objects are deleted from now on: ${named}. What lies there already is, too; the deploy is refused where that is the archive of an s3 destination`,
    };
  }
  if (compared) return undefined;
  return {
    level: 'note',
    says: 'other days until objects are deleted: compare journalDays and quarantineDays',
  };
}

function rulesOf(bucket: Change['before']): readonly { readonly key: string; readonly days: number }[] {
  const { Rules = [] } = (bucket?.Properties?.LifecycleConfiguration ?? {}) as {
    readonly Rules?: readonly LifecycleRule[];
  };
  return Rules.flatMap(({ Id, Prefix, ExpirationInDays }) =>
    ExpirationInDays === undefined
      ? []
      : { key: String(Prefix ?? Id ?? 'objects'), days: Number(ExpirationInDays) },
  );
}

/** Folders of gcs and sentinel destinations that leave the settings. */
function untoldObjects({ properties, before, after }: Change): Meaning | undefined {
  if (!properties.includes('NotificationConfiguration')) return undefined;
  const late =
    'the stream-lifecycle function looks there once an hour, and tells the queue of the kept copier what the kept delivery stream still writes';
  if (before === undefined || after === undefined) {
    return {
      level: 'note',
      says: `other folders tell a queue of their objects. Where a gcs or sentinel destination goes, ${late}`,
    };
  }
  const is = toldFolders(after);
  const untold = toldFolders(before).filter((folder) => !is.includes(folder));
  if (untold.length === 0) return undefined;
  return {
    level: 'note',
    says: `objects in ${untold.join(', ')} are told to no queue at once any more: ${late}`,
  };
}

function toldFolders(bucket: Change['before']): readonly string[] {
  const { QueueConfigurations: told = [] } = (bucket?.Properties?.NotificationConfiguration ?? {}) as {
    readonly QueueConfigurations?: readonly {
      readonly Filter?: { readonly S3Key?: { readonly Rules?: readonly { readonly Value?: unknown }[] } };
    }[];
  };
  return told.flatMap(({ Filter }) => (Filter?.S3Key?.Rules ?? []).map(({ Value }) => String(Value)));
}

/** Objects of two forms, while Firehose changes from one to the other. */
function otherCompression({ before, after }: Change): Meaning | undefined {
  const [was, is] = [before, after].map(
    (each) =>
      (
        each?.Properties?.ExtendedS3DestinationConfiguration as
          | { readonly CompressionFormat?: unknown }
          | undefined
      )?.CompressionFormat,
  );
  if (was === undefined || is === undefined || was === is) return undefined;
  return {
    level: 'note',
    says: 'nothing is lost, but objects of the minutes after the deploy may mix plain lines and gzip members, or hold members within a member. Every reader of the relay takes them; one of yours may not: see "The objects of an upgrade" in docs/upgrade.md',
  };
}
