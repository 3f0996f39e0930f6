import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { withoutLines } from '../../functions/stored/delivered-without.ts';
import { erasedMarkKey, writeErasedMark } from '../../functions/stored/erased-mark.ts';
import { readJournalKey } from '../../functions/stored/journal-key.ts';
import type { ErasePlace } from './erase-place.ts';

/** The outcome for one object. */
export interface ErasedObject {
  readonly done: 'deleted' | 'rewritten';
  /** True where the bucket keeps versions, so that the bytes are still there under an older one. */
  readonly isVersioned: boolean;
}

/**
 * Erases one object: deletes it, or takes the lines out of data that were delivered to stay.
 *
 * A batch of the journal gets its mark before it is deleted, so that no sweep finds it missing without one.
 *
 * @param keepsRest true where the object's other lines stay
 */
export async function eraseObject(
  place: ErasePlace,
  {
    isSought,
    keepsRest,
    now,
  }: {
    readonly isSought: (line: Uint8Array) => boolean;
    readonly keepsRest: boolean;
    readonly now: number;
  },
): Promise<ErasedObject> {
  if (keepsRest) return rewrite(place, isSought);
  const journaled = place.kind === 'journal' ? readJournalKey(place.key) : undefined;
  if (journaled !== undefined)
    await place.bucket.put(erasedMarkKey(journaled), { body: writeErasedMark(now), metadata: {} });
  return remove(place);
}

async function remove({ bucket, key }: ErasePlace): Promise<ErasedObject> {
  const { VersionId, DeleteMarker } = await bucket.client.send(
    new DeleteObjectCommand({ Bucket: bucket.name, Key: key }),
  );
  return { done: 'deleted', isVersioned: DeleteMarker === true || VersionId !== undefined };
}

/** Metadata, headers, storage class and the key of its encryption stay with the other lines; tags of the object do not. */
async function rewrite(place: ErasePlace, isSought: (line: Uint8Array) => boolean): Promise<ErasedObject> {
  const { bucket, key } = place;
  const at = { Bucket: bucket.name, Key: key };
  const object = await bucket.client.send(new GetObjectCommand(at));
  const { bytes, left } = withoutLines(await object.Body!.transformToByteArray(), isSought);
  if (left === 0) return remove(place);
  const { Metadata, ContentType, ContentEncoding, CacheControl, ServerSideEncryption, SSEKMSKeyId } = object;
  const { VersionId } = await bucket.client.send(
    new PutObjectCommand({
      ...at,
      Body: bytes,
      ...{ Metadata, ContentType, ContentEncoding, CacheControl },
      ...(SSEKMSKeyId === undefined ? {} : { ServerSideEncryption, SSEKMSKeyId }),
      ...(object.StorageClass === undefined ? {} : { StorageClass: object.StorageClass }),
    }),
  );
  return { done: 'rewritten', isVersioned: VersionId !== undefined };
}
