import {
  ListObjectsV2Command,
  type ListObjectsV2CommandInput,
  type ListObjectsV2CommandOutput,
  type S3Client,
} from '@aws-sdk/client-s3';

/** Lists the keys under a prefix, in order. */
export async function* listKeys(
  client: S3Client,
  Bucket: string,
  Prefix: string,
  signal?: AbortSignal,
): AsyncGenerator<string> {
  for await (const { key } of listObjects(client, Bucket, Prefix, signal)) yield key;
}

/** Lists the objects under a prefix, in the order of their keys. Times are milliseconds since the epoch. */
export async function* listObjects(
  client: S3Client,
  Bucket: string,
  Prefix: string,
  signal?: AbortSignal,
): AsyncGenerator<{ readonly key: string; readonly size: number; readonly modifiedAt: number }> {
  for await (const { Contents = [] } of pages(client, { Bucket, Prefix }, signal)) {
    for (const { Key, Size = 0, LastModified } of Contents)
      yield { key: Key!, size: Size, modifiedAt: LastModified?.getTime() ?? 0 };
  }
}

/** Lists the folders directly below a prefix that ends in a slash, each with a slash at its end. */
export async function* listFolders(client: S3Client, Bucket: string, Prefix: string): AsyncGenerator<string> {
  for await (const { CommonPrefixes = [] } of pages(client, { Bucket, Prefix, Delimiter: '/' })) {
    for (const folder of CommonPrefixes) yield folder.Prefix!;
  }
}

async function* pages(
  client: S3Client,
  input: ListObjectsV2CommandInput,
  abortSignal?: AbortSignal,
): AsyncGenerator<ListObjectsV2CommandOutput> {
  let ContinuationToken: string | undefined;
  do {
    const page = await client.send(new ListObjectsV2Command({ ...input, ContinuationToken }), {
      abortSignal,
    });
    yield page;
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken !== undefined);
}
