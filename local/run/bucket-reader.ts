import { GetObjectCommand, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import type { Credentials } from '@mosaic-relay/cdk-loopback';

/** Reads S3 as the operator of a run, by the same API as everyone else. */
export function createBucketReader(options: BucketReaderOptions): BucketReader {
  const client = new S3Client({
    endpoint: options.endpoint,
    region: options.region,
    credentials: options.credentials,
    forcePathStyle: true,
  });
  return {
    async *list(bucket, prefix) {
      for await (const page of paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: prefix })) {
        for (const { Key, Size } of page.Contents ?? []) {
          if (Key !== undefined) yield { key: Key, size: Size ?? 0 };
        }
      }
    },
    async get(bucket, key) {
      const { Body, Metadata } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      if (Body === undefined) throw new Error(`s3://${bucket}/${key} has no body`);
      return { body: Buffer.from(await Body.transformToByteArray()), metadata: Metadata ?? {} };
    },
    close: () => client.destroy(),
  };
}

export interface BucketReaderOptions {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: Credentials;
}

export interface BucketReader {
  /** Lists objects in the order of their keys. */
  list(bucket: string, prefix: string): AsyncIterable<{ readonly key: string; readonly size: number }>;
  /** Reads a whole object: Firehose and the collector write a few MiB at most. */
  get(bucket: string, key: string): Promise<ObjectContent>;
  close(): void;
}

export interface ObjectContent {
  readonly body: Buffer;
  /** Without the prefix `x-amz-meta-`. */
  readonly metadata: Readonly<Record<string, string>>;
}
