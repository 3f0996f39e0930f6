import { Duration } from 'aws-cdk-lib';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import { backupFolder } from '../../functions/stored/backup-key.ts';
import { copiedTag } from '../../functions/stored/copied-tag.ts';
import { deliveredFolder } from '../../functions/stored/delivered-key.ts';
import { journalFolder } from '../../functions/stored/journal-key.ts';
import { quarantineFolder } from '../../functions/stored/quarantine-key.ts';
import { replayedFolder } from '../../functions/stored/replayed-key.ts';

/** When the bucket deletes what lies in its folders, whatever destinations the settings have. */
export function lifecycleRules(props: {
  readonly journalDays: number;
  readonly quarantineDays: number;
}): s3.LifecycleRule[] {
  return [
    { id: 'journal', prefix: journalFolder, expiration: Duration.days(props.journalDays) },
    { id: 'quarantine', prefix: quarantineFolder, expiration: Duration.days(props.quarantineDays) },
    { id: 'backup', prefix: backupFolder, expiration: Duration.days(props.quarantineDays) },
    // Of every destination that there was: a rule of one folder ends with its destination.
    {
      id: 'copied',
      prefix: deliveredFolder,
      tagFilters: { [copiedTag.key]: copiedTag.value },
      expiration: Duration.days(props.journalDays),
    },
    { id: 'replayed', prefix: replayedFolder, expiration: Duration.days(props.quarantineDays) },
    { id: 'unfinished-uploads', abortIncompleteMultipartUploadAfter: Duration.days(1) },
  ];
}
