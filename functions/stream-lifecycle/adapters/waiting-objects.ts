import { ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import { RelayError } from '../../relay-error.ts';
import { backupFolder, readBackupKey } from '../../stored/backup-key.ts';
import { quarantineFolder } from '../../stored/quarantine-key.ts';
import type { WaitingObjects } from '../ports.ts';

/** Pages of a thousand objects that are read before the function's time could run out. */
const mostPages = 500;

/** Lists what waits for a replay in the stage's bucket. Copies that destinations have got too do not wait, nor do backups of removed destinations. */
export function createWaitingObjects(options: {
  readonly client: S3Client;
  readonly bucket: string;
}): WaitingObjects {
  const { client, bucket: Bucket } = options;
  return {
    async oldest(deliveries) {
      const canBeReplayed = (key: string): boolean => {
        const backup = readBackupKey(key);
        if (backup === undefined) return true;
        return !backup.isCopy && deliveries.includes(`${backup.streamName}/${backup.destination}`);
      };
      let first: { readonly key: string; readonly writtenAt: number } | undefined;
      let pages = 0;
      for (const Prefix of [quarantineFolder, backupFolder]) {
        let ContinuationToken: string | undefined;
        do {
          if (++pages > mostPages) throw tooMany();
          const page = await client.send(new ListObjectsV2Command({ Bucket, Prefix, ContinuationToken }));
          for (const { Key: key = '', LastModified: modified } of page.Contents ?? []) {
            const writtenAt = modified?.getTime() ?? 0;
            if (writtenAt < (first?.writtenAt ?? Number.POSITIVE_INFINITY) && canBeReplayed(key))
              first = { key, writtenAt };
          }
          ContinuationToken = page.NextContinuationToken;
        } while (ContinuationToken !== undefined);
      }
      return first;
    },
  };
}

function tooMany(): RelayError {
  return new RelayError(
    'TooManyObjects',
    `More than ${mostPages * 1_000} objects lie in quarantine and backups, so that one deploy cannot look through them. Leave quarantineDays as it is, or deploy once with -c undelivered=leave.`,
  );
}
