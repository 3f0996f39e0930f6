import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';

/** One bucket, with the operations that the commands need. */
export interface Bucket {
  readonly name: string;
  readonly client: S3Client;
  /** In the order of their keys. */
  list(prefix: string): AsyncIterable<ListedObject>;
  /** The folders directly under a prefix, each with the slash at its end, without the prefix. */
  folders(prefix: string): Promise<readonly string[]>;
  get(key: string): Promise<ObjectContent>;
  /** @returns undefined if there is no such object */
  find(key: string): Promise<ObjectContent | undefined>;
  put(key: string, object: ObjectContent): Promise<void>;
  remove(key: string): Promise<void>;
}

export interface ListedObject {
  readonly key: string;
  readonly size: number;
  /** Milliseconds since the epoch. */
  readonly modifiedAt: number;
}

export interface ObjectContent {
  readonly body: Uint8Array;
  /** Without `x-amz-meta-`. */
  readonly metadata: Readonly<Record<string, string>>;
}

export function createBucket(client: S3Client, name: string): Bucket {
  const Bucket = name;
  const bucket: Bucket = {
    name,
    client,
    async *list(Prefix) {
      let ContinuationToken: string | undefined;
      do {
        const page = await client.send(new ListObjectsV2Command({ Bucket, Prefix, ContinuationToken }));
        for (const { Key: key = '', Size: size = 0, LastModified } of page.Contents ?? []) {
          yield { key, size, modifiedAt: LastModified?.getTime() ?? 0 };
        }
        ContinuationToken = page.NextContinuationToken;
      } while (ContinuationToken !== undefined);
    },
    async folders(Prefix) {
      const found: string[] = [];
      let ContinuationToken: string | undefined;
      do {
        const page = await client.send(
          new ListObjectsV2Command({ Bucket, Prefix, Delimiter: '/', ContinuationToken }),
        );
        for (const each of page.CommonPrefixes ?? []) found.push(each.Prefix!.slice(Prefix.length));
        ContinuationToken = page.NextContinuationToken;
      } while (ContinuationToken !== undefined);
      return found;
    },
    async get(Key) {
      const { Body, Metadata = {} } = await client.send(new GetObjectCommand({ Bucket, Key }));
      return { body: await Body!.transformToByteArray(), metadata: Metadata };
    },
    async find(key) {
      try {
        return await bucket.get(key);
      } catch (error) {
        if (error instanceof Error && error.name === 'NoSuchKey') return undefined;
        throw error;
      }
    },
    async put(Key, { body, metadata }) {
      await client.send(new PutObjectCommand({ Bucket, Key, Body: body, Metadata: { ...metadata } }));
    },
    async remove(Key) {
      await client.send(new DeleteObjectCommand({ Bucket, Key }));
    },
  };
  return bucket;
}
