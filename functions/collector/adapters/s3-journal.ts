import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { RelayError } from '../../relay-error.ts';
import { erasedRunFolder, readErasedMarkKey } from '../../stored/erased-mark.ts';
import {
  type JournalKey,
  journalDayFolder,
  journalNumberPrefix,
  journalPrefix,
  journalRunFolder,
  probeKey,
  readJournalKey,
  writeJournalKey,
} from '../../stored/journal-key.ts';
import { type JournaledBatch, readBatchMetadata, writeBatchMetadata } from '../../stored/journaled-batch.ts';
import type { RunId } from '../../stored/run-id.ts';
import { dayName } from '../../stored/utc-day.ts';
import type { Journal } from '../protocol/ports/journal.ts';
import { listFolders, listKeys } from './s3-listing.ts';

/**
 * Keeps one stream's journal in S3.
 *
 * The facts that a redelivery needs are in the object's metadata, so that object and facts stay together.
 */
export function createS3Journal(options: {
  readonly client: S3Client;
  readonly bucket: string;
  /** The stream's stable name here. */
  readonly streamName: string;
}): Journal {
  const { client, bucket: Bucket, streamName } = options;
  const placeOf = ({ run, startedAt }: RunId): Omit<JournalKey, 'number'> => ({
    streamName,
    day: dayName(startedAt),
    run,
  });
  const folderOf = (run: RunId): string => journalRunFolder(placeOf(run));
  const known = createKnownKeys();

  return {
    async put(batch, signal) {
      const { encoding } = batch.answer;
      const folder = folderOf(batch);
      const key = writeJournalKey({ ...placeOf(batch), number: batch.number }, encoding);
      const command = new PutObjectCommand({
        Bucket,
        Key: key,
        Body: batch.answer.received,
        ContentType: 'application/json',
        Metadata: { ...writeBatchMetadata({ ...batch, encoding }) },
      });
      await client.send(command, { abortSignal: signal });
      known.add(folder, batch.number, key);
    },

    async numbers(run) {
      const folder = folderOf(run);
      const numbers: number[] = [];
      for await (const key of listKeys(client, Bucket, folder)) {
        const number = readJournalKey(key)?.number;
        if (number === undefined) continue;
        known.add(folder, number, key);
        numbers.push(number);
      }
      return numbers.sort((a, b) => a - b);
    },

    async erased(run) {
      const numbers: number[] = [];
      for await (const key of listKeys(client, Bucket, erasedRunFolder(placeOf(run)))) {
        const batch = readErasedMarkKey(key);
        if (batch !== undefined) numbers.push(batch.number);
      }
      return numbers.sort((a, b) => a - b);
    },

    async get(run, number, signal) {
      const key = known.of(folderOf(run), number);
      if (key !== undefined) return readBatch(client, Bucket, key, { run, number, signal });
      // The key's extension depends on the compression, which the caller does not know.
      const prefix = journalNumberPrefix({ ...placeOf(run), number });
      for await (const key of listKeys(client, Bucket, prefix, signal)) {
        return readBatch(client, Bucket, key, { run, number, signal });
      }
      throw new RelayError(
        'JournalObjectMissing',
        `Batch ${number} of run ${run.run} is not in the journal. It is lost, unless it lies in a version of the object.`,
        { facts: { run: run.run, number } },
      );
    },

    async probe(signal) {
      await client.send(new PutObjectCommand({ Bucket, Key: probeKey(streamName), Body: 'probe' }), {
        abortSignal: signal,
      });
    },

    async days() {
      const prefix = journalPrefix(streamName);
      const days: string[] = [];
      for await (const folder of listFolders(client, Bucket, prefix))
        days.push(folder.slice(prefix.length, -1));
      // A folder beside the days holds the marks of erased batches.
      return days.filter((day) => !Number.isNaN(Date.parse(day)));
    },

    async runsOn(day) {
      const prefix = journalDayFolder({ streamName, day });
      const runs: string[] = [];
      for await (const folder of listFolders(client, Bucket, prefix))
        runs.push(folder.slice(prefix.length, -1));
      return runs;
    },
  };
}

/** Remembers the keys of batches in the folders that were written or listed last. It saves a listing for each batch. */
function createKnownKeys(): {
  add(folder: string, number: number, key: string): void;
  of(folder: string, number: number): string | undefined;
} {
  const folders = new Map<string, Map<number, string>>();
  return {
    add(folder, number, key) {
      const keys = folders.get(folder) ?? new Map<number, string>();
      folders.delete(folder);
      folders.set(folder, keys.set(number, key));
      if (folders.size > mostKnownFolders) folders.delete(folders.keys().next().value!);
    },
    of: (folder, number) => folders.get(folder)?.get(number),
  };
}

/** Folders that are remembered: eight destinations may each be at another run. */
const mostKnownFolders = 16;

/** Reads a batch by its object's key. */
export async function readBatch(
  client: S3Client,
  Bucket: string,
  Key: string,
  id: { readonly run: RunId; readonly number: number; readonly signal?: AbortSignal },
): Promise<JournaledBatch> {
  const object = await client.send(new GetObjectCommand({ Bucket, Key }), { abortSignal: id.signal });
  const { encoding, ...facts } = readBatchMetadata(object.Metadata ?? {});
  return {
    run: id.run.run,
    startedAt: id.run.startedAt,
    number: id.number,
    ...facts,
    answer: { received: await object.Body!.transformToByteArray(), encoding },
  };
}
