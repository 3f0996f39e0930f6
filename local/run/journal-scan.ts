import { decodeAnswer } from '../../functions/collector/decode-answer.ts';
import { openBatch } from '../../functions/collector/open-batch.ts';
import type { AnswerEncoding } from '../../functions/collector/ports.ts';
import { journalPrefix, readJournalKey } from '../../functions/stored/journal-key.ts';
import type { BucketReader, StoredObject } from './bucket-reader.ts';
import type { Journal, Quarantine } from './comparison.ts';
import { scanForEvents } from './event-scan.ts';
import type { Collected } from './report.ts';

/**
 * A stream's journal as the collector left it, cut as the collector cuts it.
 *
 * @see functions/collector/adapters/s3-journal.ts, whose keys and metadata this reads
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
        const answer = { received: object.body, encoding: encodingOf(object) };
        const opened = openBatch(
          {
            answer,
            cutOff: object.metadata['cut-off'] === 'true',
            stream: stored.streamName,
            run: '',
            startedAt: 0,
            number: 1,
            collectedAt: 0,
          },
          stored.decompressedCapBytes,
        );
        batches += 1;
        if (!('cut' in opened)) {
          sourceBytes += object.body.length;
          continue;
        }
        const { source, starts, ends, count } = opened.cut;
        sourceBytes += source.length;
        if (object.metadata.recovered === 'true') recovered += count;
        for (let index = 0; index < count; index += 1)
          visit(source.subarray(starts[index], ends[index]), run);
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

/** A stream's quarantine: single events, and what can be told apart in answers that are no array of them. */
export function quarantineScan(stored: StoredStream): Quarantine {
  return {
    async eachEvent(visit) {
      for await (const { key } of stored.reader.list(stored.bucket, `quarantine/${stored.streamName}/`)) {
        const object = await stored.reader.get(stored.bucket, key);
        const answer = { received: object.body, encoding: encodingOf(object) };
        const { single, destination } = readName(key);
        const decoded = decodeAnswer(answer, mostQuarantinedBytes);
        // What does not even decompress here holds no event that could be told.
        if ('damaged' in decoded) continue;
        if (single) visit(decoded, destination);
        else scanForEvents(decoded, (event) => visit(event, destination));
      }
    },
  };
}

const mostQuarantinedBytes = 512 * 1024 * 1024;

/** `<number>[-<index>][-<destination>].json[.gz|.zst]` */
function readName(key: string): { readonly single: boolean; readonly destination: string | undefined } {
  const name = key.slice(key.lastIndexOf('/') + 1);
  const [, index, destination] = /^\d{6}(?:-(\d{4,}))?(?:-(.+?))?\.json/.exec(name) ?? [];
  return { single: index !== undefined, destination };
}

function encodingOf({ metadata }: StoredObject): AnswerEncoding {
  return (metadata.encoding ?? 'identity') as AnswerEncoding;
}
