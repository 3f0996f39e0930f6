import { backupFolder, readBackupKey } from '../../functions/stored/backup-key.ts';
import { deliveredFolder, readDeliveredKey } from '../../functions/stored/delivered-key.ts';
import { isWrittenFor } from '../../functions/stored/delivery-stream-name.ts';
import { journalFolder, readJournalKey } from '../../functions/stored/journal-key.ts';
import { quarantineFolder, readQuarantineKey } from '../../functions/stored/quarantine-key.ts';
import { readReplayedKey, replayedFolder } from '../../functions/stored/replayed-key.ts';
import { type Bucket, createBucket, type ListedObject } from '../access/bucket.ts';
import type { DeployedRelay } from '../access/deployed-relay.ts';
import { bucketOfDestination } from '../evidence/readable-destination.ts';
import { mayHold, type TimeRange } from '../replay/waiting.ts';

/** An object that may hold events. */
export interface ErasePlace extends ListedObject {
  readonly kind: 'journal' | 'quarantine' | 'backup' | 'delivered';
  readonly bucket: Bucket;
  /** The key that the object had before a replay moved it; its own key where none did. */
  readonly firstKey: string;
  /** True of an object that a replay has moved. */
  readonly isReplayed: boolean;
  /** The stream's stable name. */
  readonly streamName: string;
  /** Of `backup` and `delivered`; of `quarantine` where the entry is owed to one destination. */
  readonly destination?: string;
}

/** Lists every object of the stage that may hold events, of removed streams too. */
export async function listPlaces(
  relay: DeployedRelay,
  range: TimeRange | undefined,
): Promise<readonly ErasePlace[]> {
  const bucket = createBucket(relay.clients.s3, relay.bucket);
  const found: ErasePlace[] = [];
  for (const folder of [journalFolder, quarantineFolder, replayedFolder, deliveredFolder, backupFolder]) {
    for await (const object of bucket.list(folder)) {
      const place = placeOf(relay, bucket, object);
      if (place !== undefined && mayHold(range, object.modifiedAt)) found.push(place);
    }
  }
  found.push(...(await inOtherBuckets(relay, range)));
  return found;
}

function placeOf(relay: DeployedRelay, bucket: Bucket, object: ListedObject): ErasePlace | undefined {
  const firstKey = readReplayedKey(object.key) ?? object.key;
  const base = { ...object, bucket, firstKey, isReplayed: firstKey !== object.key };
  const journaled = readJournalKey(firstKey);
  if (journaled !== undefined) return { ...base, kind: 'journal', streamName: journaled.streamName };
  const backup = readBackupKey(firstKey);
  if (backup !== undefined) return { ...base, kind: 'backup', ...backup };
  const delivered = readDeliveredKey(firstKey);
  if (delivered !== undefined) return { ...base, kind: 'delivered', ...delivered };
  const names = relay.streams.flatMap(({ destinations }) => destinations.map(({ name }) => name));
  const entry = readQuarantineKey(firstKey, names);
  if (entry === undefined) return undefined;
  const { streamName, destination } = entry;
  return { ...base, kind: 'quarantine', streamName, ...(destination === undefined ? {} : { destination }) };
}

async function inOtherBuckets(
  relay: DeployedRelay,
  range: TimeRange | undefined,
): Promise<readonly ErasePlace[]> {
  const found: ErasePlace[] = [];
  for (const { name: streamName, destinations } of relay.streams) {
    for (const { name, copier, deliveryStream } of destinations) {
      if (copier !== undefined) continue;
      const theirs = await bucketOfDestination(relay, deliveryStream);
      if (theirs === undefined || theirs.bucket.name === relay.bucket) continue;
      const { bucket, prefix } = theirs;
      for await (const object of bucket.list(prefix.split('!{')[0] ?? '')) {
        if (!isWrittenFor(deliveryStream, object.key) || !mayHold(range, object.modifiedAt)) continue;
        const place = { ...object, bucket, firstKey: object.key, isReplayed: false };
        found.push({ ...place, kind: 'delivered', streamName, destination: name });
      }
    }
  }
  return found;
}

/** True where lines may have been made by a view. The view of a removed destination is not known. */
export function isSeenThroughView({ streams }: DeployedRelay, place: ErasePlace): boolean {
  if (place.kind !== 'backup' && place.kind !== 'delivered') return false;
  const { destinations = [] } = streams.find(({ name }) => name === place.streamName) ?? {};
  const destination = destinations.find(({ name }) => name === place.destination);
  return destination === undefined || destination.view !== undefined;
}

/** `s3://bucket/key` */
export function addressOf({ bucket, key }: Pick<ErasePlace, 'bucket' | 'key'>): string {
  return `s3://${bucket.name}/${key}`;
}
