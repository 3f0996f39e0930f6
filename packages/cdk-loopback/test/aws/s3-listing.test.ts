import {
  DeleteObjectCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandInput,
  PutObjectCommand,
  PutObjectTaggingCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type LocalAws, startAt, startLocalAws } from '../../aws/local-aws.ts';

let aws: LocalAws;
let s3: S3Client;
let buckets = 0;
beforeAll(async () => {
  aws = await startLocalAws();
  s3 = new S3Client(aws.client);
});
afterAll(() => aws.close());

async function bucketOf(keys: readonly string[]): Promise<string> {
  buckets += 1;
  const Bucket = `listing-${buckets}`;
  aws.s3.createBucket(Bucket);
  await Promise.all(keys.map((Key) => s3.send(new PutObjectCommand({ Bucket, Key, Body: Key }))));
  return Bucket;
}

/** Page by page to the end. */
async function listAll(input: ListObjectsV2CommandInput): Promise<{ keys: string[]; folders: string[] }> {
  const keys: string[] = [];
  const folders: string[] = [];
  let ContinuationToken: string | undefined;
  do {
    const page = await s3.send(new ListObjectsV2Command({ ...input, ContinuationToken }));
    expect(page.KeyCount).toBeLessThanOrEqual(input.MaxKeys!);
    keys.push(...(page.Contents ?? []).map((object) => object.Key!));
    folders.push(...(page.CommonPrefixes ?? []).map((folder) => folder.Prefix!));
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken);
  return { keys, folders };
}

test('pages together hold every key once, in the order of their bytes, whatever the page size', async () => {
  const key = fc.string({
    unit: fc.constantFrom('a', 'B', 'c', '-', '_', '/', '=', '1', '<', '&'),
    minLength: 1,
    maxLength: 6,
  });
  // A path of dots or doubled slashes is another matter: URLs normalise it.
  const plain = key.filter((text) => !text.startsWith('/') && !text.includes('//'));
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(plain, { minLength: 1, maxLength: 20 }),
      fc.integer({ min: 1, max: 7 }),
      async (keys, MaxKeys) => {
        const Bucket = await bucketOf(keys);
        expect((await listAll({ Bucket, MaxKeys })).keys).toEqual([...keys].sort());
      },
    ),
    { numRuns: 25 },
  );
});

test('a delimiter gathers keys to folders, each told once over all pages', async () => {
  const Bucket = await bucketOf(['j/a', 'j/b/1', 'j/b/2', 'j/b/3', 'j/c', 'j/d/1', 'j/d/e/2', 'k']);

  for (const MaxKeys of [1, 2, 3, 100]) {
    const listed = await listAll({ Bucket, MaxKeys, Prefix: 'j/', Delimiter: '/' });
    expect(listed).toEqual({ keys: ['j/a', 'j/c'], folders: ['j/b/', 'j/d/'] });
  }
});

test('a listing begins behind the key that it is told', async () => {
  const Bucket = await bucketOf(['a', 'b', 'c']);

  expect((await listAll({ Bucket, MaxKeys: 10, StartAfter: 'a' })).keys).toEqual(['b', 'c']);
});

test('an object is told with its size and the time of the run, until it is deleted', async () => {
  const Bucket = await bucketOf(['four']);
  const list = () => s3.send(new ListObjectsV2Command({ Bucket }));

  expect((await list()).Contents).toMatchObject([
    {
      Key: 'four',
      Size: 4,
      LastModified: new Date(startAt),
      ETag: expect.stringMatching(/^"[0-9a-f]{32}"$/),
    },
  ]);
  await s3.send(new DeleteObjectCommand({ Bucket, Key: 'four' }));
  expect((await list()).KeyCount).toBe(0);
});

test('a bucket that does not exist is not listed as empty', async () => {
  await expect(s3.send(new ListObjectsV2Command({ Bucket: 'none-such' }))).rejects.toMatchObject({
    name: 'NoSuchBucket',
  });
});

test('keys and folders come percent-encoded to a client that asks so', async () => {
  const Bucket = await bucketOf(['a b/(1)+ü.txt', 'a&b']);
  const page = await s3.send(new ListObjectsV2Command({ Bucket, EncodingType: 'url' }));
  const folders = await s3.send(new ListObjectsV2Command({ Bucket, EncodingType: 'url', Delimiter: '/' }));

  expect(page.EncodingType).toBe('url');
  expect(page.Contents?.map(({ Key }) => Key)).toEqual(['a%20b/%281%29%2B%C3%BC.txt', 'a%26b']);
  expect(folders.CommonPrefixes).toEqual([{ Prefix: 'a%20b/' }]);
});

test('an object has the tags that it was given last, until it is written anew; what is not there has none', async () => {
  const Bucket = await bucketOf(['a']);
  const tag = (Key: string, Value: string) =>
    s3.send(new PutObjectTaggingCommand({ Bucket, Key, Tagging: { TagSet: [{ Key: 'Copied', Value }] } }));
  await tag('a', 'false');
  await tag('a', 'true');
  expect(aws.s3.tagsOf(Bucket, 'a')).toEqual({ Copied: 'true' });
  expect(aws.calls.at(-1)!.call).toMatchObject({ action: 's3:PutObjectTagging' });
  await expect(tag('b', 'true')).rejects.toMatchObject({ name: 'NoSuchKey' });
  await s3.send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'new' }));
  expect(aws.s3.tagsOf(Bucket, 'a')).toEqual({});
});
