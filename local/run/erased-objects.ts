import type { AwsCall, GatewayOptions } from '@mosaic-relay/cdk-loopback';
import { deliveredLines } from '../../functions/stored/delivered-object.ts';
import { erasedFolder, readErasedMarkKey } from '../../functions/stored/erased-mark.ts';
import { journalFolder, journalNumberPrefix } from '../../functions/stored/journal-key.ts';
import type { World } from '../world.ts';
import { type BucketReader, createBucketReader, type ObjectContent } from './bucket-reader.ts';

/** What an operator erases while a run goes on, so that the comparison at its end knows the events. */
export interface ErasedObjects {
  /** The hook that the world must have from its beginning. */
  readonly interfere: NonNullable<GatewayOptions['interfere']>;
  /** Attaches the world whose objects are watched. Nothing is kept before. */
  attach(world: Pick<World, 'gatewayUrl' | 'region' | 'operatorCredentials'>): void;
  /** The batches of a stream that are gone and have the mark of an erase: what is gone without a mark is lost. */
  batches(journal: WatchedJournal): Promise<readonly ErasedBatch[]>;
  /** The lines that delivered objects held until an operator wrote or deleted them: Firehose writes an object once. */
  lines(of: WatchedObjects): Promise<readonly Uint8Array[]>;
  close(): void;
}

export interface ErasedBatch extends ObjectContent {
  /** The run that journaled it. */
  readonly run: string;
}

export interface WatchedJournal {
  readonly reader: BucketReader;
  readonly bucket: string;
  /** The stream's stable name. */
  readonly streamName: string;
}

export interface WatchedObjects {
  readonly reader: BucketReader;
  readonly bucket: string;
  readonly isMeant: (key: string) => boolean;
}

/** Reads each object before it is written anew or deleted, since nothing else can tell its events afterwards. */
export function watchErasedObjects(): ErasedObjects {
  const before = new Map<string, ObjectContent>();
  let own: BucketReader | undefined;
  const keep = async (bucket: string, key: string): Promise<void> => {
    const place = `${bucket}/${key}`;
    if (before.has(place)) return;
    // A key that has no object yet names a new one.
    const object = await own?.get(bucket, key).catch(() => undefined);
    if (object !== undefined) before.set(place, object);
  };
  return {
    interfere(call) {
      if (call.service !== 's3') return undefined;
      const { bucket, key } = placeOf(call);
      const mayErase =
        call.operation === 'DeleteObject' ||
        // No batch is written twice, and the journal is written most.
        (call.operation === 'PutObject' && !key.startsWith(journalFolder));
      return mayErase ? { before: () => keep(bucket, key) } : undefined;
    },
    attach({ gatewayUrl: endpoint, region, operatorCredentials }) {
      own = createBucketReader({ endpoint, region, credentials: operatorCredentials() });
    },
    async batches({ reader, bucket, streamName }) {
      const found: ErasedBatch[] = [];
      for await (const { key } of reader.list(bucket, erasedFolder(streamName))) {
        const batch = readErasedMarkKey(key);
        if (batch === undefined) continue;
        const prefix = `${bucket}/${journalNumberPrefix(batch)}`;
        for (const [place, object] of before)
          if (place.startsWith(prefix)) found.push({ ...object, run: batch.run });
      }
      return found;
    },
    async lines({ reader, bucket, isMeant }) {
      const gone: Uint8Array[] = [];
      for (const [place, { body }] of before) {
        const key = place.slice(bucket.length + 1);
        if (!place.startsWith(`${bucket}/`) || !isMeant(key)) continue;
        const left = await reader.get(bucket, key).catch(() => undefined);
        const kept = new Set(left && [...deliveredLines(left.body)].map(textOf));
        for (const line of deliveredLines(body)) if (!kept.has(textOf(line))) gone.push(line);
      }
      return gone;
    },
    close: () => own?.close(),
  };
}

function textOf(line: Uint8Array): string {
  return Buffer.from(line.buffer, line.byteOffset, line.length).toString('latin1');
}

/** `arn:aws:s3:::bucket/key` */
function placeOf({ resource }: AwsCall): { readonly bucket: string; readonly key: string } {
  const [, bucket = '', key = ''] = /^arn:aws:s3:::([^/]+)\/(.*)$/s.exec(resource) ?? [];
  return { bucket, key };
}
