import { journalPrefix, readJournalKey } from '../../functions/stored/journal-key.ts';
import { readBatchMetadata } from '../../functions/stored/journaled-batch.ts';
import { readQuarantineMetadata } from '../../functions/stored/quarantine-entry.ts';
import { quarantinePrefix, readQuarantineKey } from '../../functions/stored/quarantine-key.ts';
import { mostScannedBytes, scanAnswer } from './answer-scan.ts';
import type { BucketReader, ObjectContent } from './bucket-reader.ts';
import type { CollectedBatch, JournaledEvents, QuarantinedEvents } from './compared-sets.ts';
import type { ErasedObjects } from './erased-objects.ts';
import type { Collected } from './report.ts';

/** A stream's journal as the collector left it. */
export function journalScan(stored: StoredStream): JournalScan {
  let batches = 0;
  let sourceBytes = 0;
  let recovered = 0;
  const scan = (
    object: ObjectContent,
    batch: Pick<CollectedBatch, 'run' | 'isErased'>,
    visit: (raw: Uint8Array, batch: CollectedBatch) => void,
  ): void => {
    const facts = readBatchMetadata(object.metadata);
    const { encoding, cutOff, collectedAt } = facts;
    const answer = scanAnswer({
      received: object.body,
      encoding,
      cutOff,
      capBytes: stored.decompressedCapBytes,
    });
    batches += 1;
    sourceBytes += answer.bytes;
    answer.eachEvent((event) => {
      if (facts.recovered) recovered += 1;
      visit(event, { ...batch, collectedAt, damaged: answer.damaged });
    });
  };
  return {
    async eachEvent(visit) {
      for (const { run, ...object } of (await stored.erased?.batches(stored)) ?? [])
        scan(object, { run, isErased: true }, visit);
      for await (const { key } of stored.reader.list(stored.bucket, journalPrefix(stored.streamName))) {
        const run = readJournalKey(key)?.run;
        if (run === undefined) continue;
        scan(await stored.reader.get(stored.bucket, key), { run }, visit);
      }
    },
    collected: () => ({ batches, sourceBytes, recovered }),
  };
}

export interface JournalScan extends JournaledEvents {
  /** The totals of everything that `eachEvent` has visited. */
  collected(): Collected;
}

export interface StoredStream {
  readonly reader: BucketReader;
  readonly bucket: string;
  /** The stream's stable name. */
  readonly streamName: string;
  /** Names of the stream's destinations. */
  readonly destinations: readonly string[];
  readonly decompressedCapBytes: number;
  /** The batches that were erased during the run; absent where nobody could erase any. */
  readonly erased?: Pick<ErasedObjects, 'batches'>;
}

/**
 * Reads a stream's quarantine: single events, and the events that can be told apart in answers that no destination
 * could take.
 */
export function quarantineScan(stored: StoredStream): QuarantinedEvents {
  return {
    async eachEvent(visit) {
      for await (const { key } of stored.reader.list(stored.bucket, quarantinePrefix(stored.streamName))) {
        const object = await stored.reader.get(stored.bucket, key);
        const entry = readQuarantineKey(key, stored.destinations);
        if (entry === undefined) throw new Error(`${key} is no key of an entry in quarantine`);
        const { index, destination } = entry;
        if (index !== undefined) {
          visit(object.body, destination);
          continue;
        }
        const { reason, encoding } = readQuarantineMetadata(object.metadata);
        const cutOff = reason === 'cut-off';
        const answer = scanAnswer({ received: object.body, encoding, cutOff, capBytes: mostScannedBytes });
        answer.eachEvent((event) => visit(event, destination));
      }
    },
  };
}
