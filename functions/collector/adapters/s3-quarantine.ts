import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { backupPrefix, readBackupKey } from '../../stored/backup-key.ts';
import { writeQuarantineMetadata } from '../../stored/quarantine-entry.ts';
import { quarantinePrefix, writeQuarantineKey } from '../../stored/quarantine-key.ts';
import { dayName } from '../../stored/utc-day.ts';
import type { ObjectCount, Quarantine } from '../protocol/ports/quarantine.ts';
import { listFolders, listKeys } from './s3-listing.ts';

/** The quarantine of one stream in S3, and what Firehose wrote there of what destinations did not take. */
export function createS3Quarantine(options: {
  readonly client: S3Client;
  readonly bucket: string;
  /** The stream's stable name here. */
  readonly streamName: string;
}): Quarantine {
  const { client, bucket: Bucket, streamName } = options;
  return {
    async quarantine(entry, signal) {
      await client.send(
        new PutObjectCommand({
          Bucket,
          Key: writeQuarantineKey({ ...entry, streamName, day: dayName(entry.startedAt) }, entry.encoding),
          Body: entry.bytes,
          ContentType: 'application/octet-stream',
          Metadata: { ...writeQuarantineMetadata(entry) },
        }),
        { abortSignal: signal },
      );
    },

    async quarantined() {
      return count(listKeys(client, Bucket, quarantinePrefix(streamName)), mostCounted);
    },

    async refusedByDestinations() {
      let objects = 0;
      for await (const destination of listFolders(client, Bucket, backupPrefix(streamName))) {
        for await (const folder of listFolders(client, Bucket, destination)) {
          // A destination may keep copies of everything. No operator has to act on them.
          if (readBackupKey(folder)?.isCopy) continue;
          const counted = await count(listKeys(client, Bucket, folder), mostCounted - objects);
          objects += counted.objects;
          if (counted.atLeast) return { objects, atLeast: true };
        }
      }
      return { objects, atLeast: false };
    },
  };
}

/** Five listings of 1,000 keys: what a pass may spend on a gauge. */
const mostCounted = 5_000;

async function count(keys: AsyncIterable<string>, most: number): Promise<ObjectCount> {
  let objects = 0;
  for await (const _ of keys) {
    if (objects === most) return { objects, atLeast: true };
    objects += 1;
  }
  return { objects, atLeast: false };
}
