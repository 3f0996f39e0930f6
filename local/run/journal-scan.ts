import type { AnswerEncoding } from '../../functions/collector/ports.ts';
import { journalPrefix, readJournalKey } from '../../functions/stored/journal-key.ts';
import { mostScannedBytes, scanAnswer } from './answer-scan.ts';
import type { BucketReader, StoredObject } from './bucket-reader.ts';
import type { Journal, Quarantine } from './compared-sets.ts';
import type { Collected } from './report.ts';

/**
 * A stream's journal as the collector left it.
 *
 * @see functions/collector/adapters/s3-journal.ts, whose metadata this reads
 */
export function journalScan(stored: StoredStream): JournalScan {
  let batches = 0;
  let sourceBytes = 0;
  let recovered = 0;
  return {
    async eachEvent(visit) {
      for await (const { key } of stored.reader.list(stored.bucket, journalPrefix(stored.streamName))) {
        const run = readJournalKey(key)?.run;
        if (run === undefined) continue;
        const object = await stored.reader.get(stored.bucket, key);
        const { metadata } = object;
        const cutOff = metadata['cut-off'] === 'true';
        const answer = scanAnswer({ ...answerOf(object), cutOff, capBytes: stored.decompressedCapBytes });
        const batch = { run, collectedAt: Number(metadata['collected-at']), damaged: answer.damaged };
        batches += 1;
        sourceBytes += answer.bytes;
        answer.eachEvent((event) => {
          if (metadata.recovered === 'true') recovered += 1;
          visit(event, batch);
        });
      }
    },
    collected: () => ({ batches, sourceBytes, recovered }),
  };
}

export interface JournalScan extends Journal {
  /** What `eachEvent` has come across. */
  collected(): Collected;
}

export interface StoredStream {
  readonly reader: BucketReader;
  readonly bucket: string;
  /** The stream's stable name. */
  readonly streamName: string;
  readonly decompressedCapBytes: number;
}

/** A stream's quarantine: single events, and what can be told apart in answers that no destination could take. */
export function quarantineScan(stored: StoredStream): Quarantine {
  return {
    async eachEvent(visit) {
      for await (const { key } of stored.reader.list(stored.bucket, `quarantine/${stored.streamName}/`)) {
        const object = await stored.reader.get(stored.bucket, key);
        const { single, destination } = readName(key);
        if (single) {
          visit(object.body, destination);
          continue;
        }
        const cutOff = object.metadata.reason === 'cut-off';
        const answer = scanAnswer({ ...answerOf(object), cutOff, capBytes: mostScannedBytes });
        answer.eachEvent((event) => visit(event, destination));
      }
    },
  };
}

/** `<number>[-<index>][-<destination>].json[.gz|.zst]` */
function readName(key: string): { readonly single: boolean; readonly destination: string | undefined } {
  const name = key.slice(key.lastIndexOf('/') + 1);
  const [, index, destination] = /^\d{6}(?:-(\d{4,}))?(?:-(.+?))?\.json/.exec(name) ?? [];
  return { single: index !== undefined, destination };
}

function answerOf({ body, metadata }: StoredObject) {
  return { received: body, encoding: (metadata.encoding ?? 'identity') as AnswerEncoding };
}
