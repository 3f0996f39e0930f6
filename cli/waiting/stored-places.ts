import { backupDestinationFolder, readBackupKey } from '../../functions/stored/backup-key.ts';
import { readErrorObject } from '../../functions/stored/backup-object.ts';
import { deliveredDestinationFolder } from '../../functions/stored/delivered-key.ts';
import { deliveredLines } from '../../functions/stored/delivered-object.ts';
import { readQuarantineMetadata } from '../../functions/stored/quarantine-entry.ts';
import { quarantinePrefix, readQuarantineKey } from '../../functions/stored/quarantine-key.ts';
import { type Counted, nothingCounted, type ObjectEvents } from '../../functions/stored/waiting-events.ts';
import type { Bucket, ListedObject } from '../access/bucket.ts';
import type { Marks } from '../replay/marks.ts';
import { readRelayedLine } from '../replay/relayed-line.ts';
import { openEntry } from '../replay/sources/quarantine.ts';
import { countObjects, type KnownObjects, listSome } from './count-objects.ts';

/** The stored things of one stream in which events wait. */
export interface StoredPlaces {
  /** The stream's stable name. */
  readonly streamName: string;
  /** Names of its destinations. */
  readonly destinations: readonly string[];
  readonly bucket: Bucket;
  readonly marks: Marks;
  readonly known: KnownObjects;
}

/** Counts what Firehose gave up of a destination, and nobody has replayed. */
export async function countGivenUp(destination: string, places: StoredPlaces): Promise<Counted> {
  const { bucket, marks, known, streamName } = places;
  const listed = await listSome(
    bucket.list(backupDestinationFolder({ streamName, destination })),
    async ({ key }) => readBackupKey(key)?.isCopy === false && !(await marks.has(destination, key)),
  );
  const counted = await countObjects(listed.objects, {
    known,
    isCut: listed.isCut,
    read: async ({ key }) => eventsOfBackup((await bucket.get(key)).body),
  });
  // A replay that was interrupted within an object has sent the first of its events.
  let sent = 0;
  for (const { key } of listed.objects) sent += (await marks.part(destination, key)).events;
  const { amount } = counted;
  const left = amount.events === 0 ? 0 : Math.max(1, amount.events - sent);
  return { ...counted, amount: { ...amount, events: left } };
}

function eventsOfBackup(body: Uint8Array): ObjectEvents {
  const { lines, problems } = readErrorObject(body);
  const times = lines.flatMap((line) => readRelayedLine(line)?.collectedAt ?? []);
  const events = { events: Math.max(1, lines.length), ...oldestOf(times) };
  return problems.length === 0 ? events : { ...events, atLeast: true };
}

function oldestOf(times: readonly number[]): { readonly since?: number } {
  return times.length === 0 ? {} : { since: times.reduce((one, other) => Math.min(one, other)) };
}

/** The entries of a stream's quarantine, by the destination that each is owed to. */
export interface Quarantined {
  of(destination: string): Promise<Counted>;
  /** Entries that no destination of the settings is owed. */
  readonly ofNobody: number;
  /** Of all: entries, not events. */
  readonly entries: number;
}

/** Lists the quarantine of a stream, and counts its events where they are asked for. */
export async function readQuarantine(places: StoredPlaces): Promise<Quarantined> {
  const { streamName, destinations, bucket, marks, known } = places;
  const { objects, isCut } = await listSome(bucket.list(quarantinePrefix(streamName)), () => true);
  const entryOf = (key: string) => readQuarantineKey(key, destinations);
  const isOwed = (key: string, name: string) => [undefined, name].includes(entryOf(key)?.destination);
  return {
    entries: objects.length,
    ofNobody: objects.filter(({ key }) => !destinations.some((name) => isOwed(key, name))).length,
    async of(destination) {
      const owed: ListedObject[] = [];
      for (const object of objects)
        if (isOwed(object.key, destination) && !(await marks.has(destination, object.key))) owed.push(object);
      return countObjects(owed, {
        known,
        isCut,
        read: async ({ key }) => {
          const entry = entryOf(key);
          if (entry === undefined) return { events: 1, atLeast: true };
          const content = await bucket.get(key);
          const { collectedAt } = readQuarantineMetadata(content.metadata);
          const since = Number.isFinite(collectedAt) ? { since: collectedAt } : {};
          const opened = openEntry(content, entry, undefined);
          if (opened.kind !== 'lines') return { events: 1, atLeast: true, ...since };
          const events = { events: Math.max(1, opened.lines.batch.cut.count), ...since };
          return opened.restBytes === undefined ? events : { ...events, atLeast: true };
        },
      });
    },
  };
}

/** Objects that are looked at of what a copier takes on, to learn how many events an object holds. */
const mostSampled = 10;

/**
 * Counts the events of messages to a copier, each of which names one object. The objects that lie there tell how many.
 *
 * @param isFresh true of messages that came just now: where no object lies there, the one message is S3's own test
 */
export async function countMessages(
  destination: string,
  { messages, isFresh }: { readonly messages: number; readonly isFresh: boolean },
  { bucket, known, streamName }: StoredPlaces,
): Promise<Counted> {
  if (messages === 0) return nothingCounted;
  const sample: ListedObject[] = [];
  for await (const object of bucket.list(deliveredDestinationFolder({ streamName, destination }))) {
    sample.push(object);
    if (sample.length === mostSampled) break;
  }
  if (sample.length === 0 && isFresh) return nothingCounted;
  const { amount } = await countObjects(sample, {
    known,
    read: async ({ key }) => ({ events: linesOf((await bucket.get(key)).body) }),
  });
  if (amount.events === 0) return { amount: { events: messages, known: 'atLeast' } };
  const events = Math.max(messages, Math.ceil((messages * amount.events) / sample.length));
  return { amount: { events, known: 'about' } };
}

function linesOf(body: Uint8Array): number {
  let lines = 0;
  for (const _ of deliveredLines(body)) lines += 1;
  return lines;
}
