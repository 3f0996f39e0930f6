import { DeleteObjectCommand, GetObjectCommand, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import type { World } from '../../local/world.ts';

/** Opens the local S3 for a reader that removes objects. */
export function openStoredObjects(world: World): StoredObjects {
  const client = new S3Client({
    endpoint: world.gatewayUrl,
    region: world.region,
    credentials: world.operatorCredentials(),
    forcePathStyle: true,
  });
  const remove: StoredObjects['remove'] = async ({ bucket, key }) => {
    await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
  };
  return {
    async list(bucket, prefix) {
      const found: StoredObject[] = [];
      for await (const page of paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: prefix })) {
        for (const { Key = '', LastModified } of page.Contents ?? []) {
          found.push({ bucket, key: Key, writtenAt: LastModified?.getTime() ?? 0 });
        }
      }
      return found;
    },
    async take({ bucket, key }, read) {
      const { Body, Metadata } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      if (Body === undefined) throw new Error(`s3://${bucket}/${key} has no body`);
      read(Buffer.from(await Body.transformToByteArray()), Metadata ?? {});
      await remove({ bucket, key });
    },
    remove,
    close: () => client.destroy(),
  };
}

export interface StoredObjects {
  list(bucket: string, prefix: string): Promise<readonly StoredObject[]>;
  /** Reads an object whole, and removes it. */
  take(
    object: StoredObject,
    read: (body: Buffer, metadata: Readonly<Record<string, string>>) => void,
  ): Promise<void>;
  remove(object: Pick<StoredObject, 'bucket' | 'key'>): Promise<void>;
  close(): void;
}

export interface StoredObject {
  readonly bucket: string;
  readonly key: string;
  /** The time of writing, on the run's clock. */
  readonly writtenAt: number;
}
