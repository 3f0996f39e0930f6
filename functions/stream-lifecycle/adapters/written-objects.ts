import { ListObjectsV2Command, type ListObjectsV2CommandOutput, type S3Client } from '@aws-sdk/client-s3';
import type { WrittenObjects } from '../ports.ts';

/** The objects of a folder of the stage's bucket. */
export function createWrittenObjects(client: S3Client, bucket: string): WrittenObjects {
  return {
    async *list(prefix) {
      let token: string | undefined;
      do {
        const page: ListObjectsV2CommandOutput = await client.send(
          new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ContinuationToken: token }),
        );
        for (const { Key: key, LastModified: modified } of page.Contents ?? [])
          if (key !== undefined && modified !== undefined) yield { key, modifiedAt: modified.getTime() };
        token = page.NextContinuationToken;
      } while (token !== undefined);
    },
  };
}
