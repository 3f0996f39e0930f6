import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { backupDestinationFolder, backupPrefix, readBackupKey } from '../../stored/backup-key.ts';
import { readErrorObject } from '../../stored/backup-object.ts';
import { writeQuarantineMetadata } from '../../stored/quarantine-entry.ts';
import { quarantinePrefix, writeQuarantineKey } from '../../stored/quarantine-key.ts';
import { dayName } from '../../stored/utc-day.ts';
import {
  type ObjectEvents,
  reckonEvents,
  type SizedObject,
  unreadable,
} from '../../stored/waiting-events.ts';
import type { ObjectCount, Quarantine } from '../protocol/ports/quarantine.ts';
import { listFolders, listKeys, listObjects } from './s3-listing.ts';

/** Keeps one stream's quarantine in S3, and counts the backups that Firehose wrote there. */
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
      const counts = new Map<string, ObjectCount>();
      let left = mostCounted;
      for await (const folder of listFolders(client, Bucket, backupPrefix(streamName))) {
        if (left === 0) break;
        const counted = await refused(folder, Math.min(left, mostOfDestination));
        const destination = readBackupKey(folder)?.destination;
        if (destination !== undefined && counted.objects > 0) counts.set(destination, counted);
        left -= counted.objects;
      }
      return counts;
    },

    async eventsGivenUp(destination) {
      const objects: (SizedObject & { readonly key: string })[] = [];
      let isCut = false;
      for await (const object of listObjects(
        client,
        Bucket,
        backupDestinationFolder({ streamName, destination }),
      )) {
        if (readBackupKey(object.key)?.isCopy !== false) continue;
        if (objects.length === mostOfDestination) {
          isCut = true;
          break;
        }
        objects.push(object);
      }
      const sorted = objects.toSorted((one, other) => one.modifiedAt - other.modifiedAt);
      const looked = [];
      for (const object of sorted.slice(0, mostRead))
        looked.push({ object, found: await eventsOf(object).catch(() => unreadable) });
      return reckonEvents(looked, { rest: sorted.slice(mostRead), isCut });
    },
  };

  async function eventsOf({ key, size }: SizedObject & { readonly key: string }): Promise<ObjectEvents> {
    if (size > mostReadBytes) return unreadable;
    const { Body } = await client.send(new GetObjectCommand({ Bucket, Key: key }));
    const { lines, arrivedAt } = readErrorObject(await Body!.transformToByteArray());
    // The object is as old as Firehose's giving up, which comes an hour or more after the events.
    return {
      events: Math.max(1, lines.length),
      ...(arrivedAt === undefined ? {} : { since: arrivedAt }),
    };
  }

  /** Some destinations back up a copy of every event, on which no operator has to act. */
  async function refused(destinationFolder: string, most: number): Promise<ObjectCount> {
    let objects = 0;
    for await (const folder of listFolders(client, Bucket, destinationFolder)) {
      if (readBackupKey(folder)?.isCopy) continue;
      const counted = await count(listKeys(client, Bucket, folder), most - objects);
      objects += counted.objects;
      if (counted.atLeast) return { objects, atLeast: true };
    }
    return { objects, atLeast: false };
  }
}

/** Objects that are counted at most: five listings of 1,000 keys are what a pass may spend on a gauge. */
const mostCounted = 5_000;
/** Of one destination's backup, so that one outage does not hide another destination's: eight of them fit. */
const mostOfDestination = 600;

/** Objects that a pass reads of a destination's backup, for it has ten seconds for its gauges. */
const mostRead = 3;
/** Firehose's buffer of a backup is 5 MiB before it compresses. */
const mostReadBytes = 8 * 1024 * 1024;

async function count(keys: AsyncIterable<string>, most: number): Promise<ObjectCount> {
  let objects = 0;
  for await (const _ of keys) {
    if (objects === most) return { objects, atLeast: true };
    objects += 1;
  }
  return { objects, atLeast: false };
}
