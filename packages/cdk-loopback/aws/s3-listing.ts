import type { AwsResponse } from './aws-answer.ts';
import type { AwsCall } from './aws-call.ts';
import { escapeXml } from './aws-error.ts';

/**
 * Which keys each bucket has, for ListObjectsV2. fauxqs orders keys by the alphabet of a language and continues a
 * page by their bytes, so that a listing of more than one page may leave keys out.
 */
export interface S3Listing {
  /** A bucket must have been added before anything of it is. */
  addBucket(bucket: string): void;
  add(bucket: string, key: string, object: IndexedObject): void;
  remove(bucket: string, key: string): void;
  /** Puts tags in the place of those that the object had. @returns false where there is no such object */
  tag(bucket: string, key: string, tags: ObjectTags): boolean;
  tagsOf(bucket: string, key: string): ObjectTags;
  /** undefined when there is no such bucket. @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html */
  list(bucket: string, call: AwsCall): AwsResponse | undefined;
}

export interface IndexedObject {
  readonly size: number;
  readonly etag: string;
  /** Milliseconds since the epoch. */
  readonly modifiedAt: number;
}

export type ObjectTags = Readonly<Record<string, string>>;

export function createS3Listing(): S3Listing {
  const buckets = new Map<string, Bucket>();
  const tags = new WeakMap<IndexedObject, ObjectTags>();
  const objectOf = (bucket: string, key: string) => buckets.get(bucket)?.objects.get(key);
  return {
    addBucket(bucket) {
      if (!buckets.has(bucket)) buckets.set(bucket, { objects: new Map(), sorted: [] });
    },
    add(name, key, object) {
      const bucket = buckets.get(name);
      if (!bucket) return;
      if (!bucket.objects.has(key)) bucket.sorted = undefined;
      bucket.objects.set(key, object);
    },
    remove(name, key) {
      const bucket = buckets.get(name);
      if (bucket?.objects.delete(key)) bucket.sorted = undefined;
    },
    tag(name, key, given) {
      const object = objectOf(name, key);
      if (object !== undefined) tags.set(object, given);
      return object !== undefined;
    },
    tagsOf(name, key) {
      const object = objectOf(name, key);
      return (object && tags.get(object)) ?? {};
    },
    list(name, call) {
      const bucket = buckets.get(name);
      if (!bucket) return undefined;
      bucket.sorted ??= [...bucket.objects.keys()].sort();
      const request = readRequest(new URL(call.path, 'http://s3').searchParams);
      const body = pageXml(name, request, pageOf(bucket.sorted, request), bucket.objects);
      return { status: 200, headers: { 'content-type': 'application/xml' }, body };
    },
  };
}

interface Bucket {
  readonly objects: Map<string, IndexedObject>;
  /** Keys in order; absent after a change, until the next listing. */
  sorted: readonly string[] | undefined;
}

interface ListRequest {
  readonly prefix: string;
  /** None when empty. */
  readonly delimiter: string;
  /** 0..1000. */
  readonly maxKeys: number;
  /** The page begins behind this key, or behind all keys of this folder. */
  readonly after: string;
  /** Keys and prefixes are percent-encoded, as most clients ask for: XML cannot carry every character. */
  readonly encoded: boolean;
}

interface Page {
  readonly keys: readonly string[];
  readonly folders: readonly string[];
  /** Where the next page begins; absent on the last. */
  readonly next?: string;
}

function readRequest(query: URLSearchParams): ListRequest {
  const token = query.get('continuation-token');
  return {
    prefix: query.get('prefix') ?? '',
    delimiter: query.get('delimiter') ?? '',
    maxKeys: Math.min(1000, Number(query.get('max-keys') ?? 1000)),
    after: token ? Buffer.from(token, 'base64').toString('utf8') : (query.get('start-after') ?? ''),
    encoded: query.get('encoding-type') === 'url',
  };
}

function pageOf(sorted: readonly string[], { prefix, delimiter, maxKeys, after }: ListRequest): Page {
  const keys: string[] = [];
  const folders: string[] = [];
  let last = '';
  for (let at = firstFrom(sorted, after > prefix ? after : prefix); at < sorted.length; at += 1) {
    const key = sorted[at]!;
    if (!key.startsWith(prefix)) break;
    const folderEnd = delimiter ? key.indexOf(delimiter, prefix.length) : -1;
    const entry = folderEnd < 0 ? key : key.slice(0, folderEnd + delimiter.length);
    if (entry <= after || entry === folders.at(-1)) continue;
    if (keys.length + folders.length === maxKeys) return { keys, folders, next: last };
    last = entry;
    (folderEnd < 0 ? keys : folders).push(entry);
  }
  return { keys, folders };
}

/** The first index whose key is not before `key`. */
function firstFrom(sorted: readonly string[], key: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < key) low = middle + 1;
    else high = middle;
  }
  return low;
}

function pageXml(
  bucket: string,
  { prefix, delimiter, maxKeys, encoded }: ListRequest,
  { keys, folders, next }: Page,
  objects: ReadonlyMap<string, IndexedObject>,
): string {
  const written = (text: string) => escapeXml(encoded ? percentEncoded(text) : text);
  const contents = keys.map((key) => {
    const { size, etag, modifiedAt } = objects.get(key)!;
    return `<Contents><Key>${written(key)}</Key><LastModified>${new Date(modifiedAt).toISOString()}</LastModified><ETag>${escapeXml(etag)}</ETag><Size>${size}</Size><StorageClass>STANDARD</StorageClass></Contents>`;
  });
  const prefixes = folders.map(
    (folder) => `<CommonPrefixes><Prefix>${written(folder)}</Prefix></CommonPrefixes>`,
  );
  const token = next === undefined ? '' : Buffer.from(next).toString('base64');
  return [
    '<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">',
    `<Name>${escapeXml(bucket)}</Name><Prefix>${written(prefix)}</Prefix>`,
    delimiter && `<Delimiter>${written(delimiter)}</Delimiter>`,
    encoded ? '<EncodingType>url</EncodingType>' : '',
    `<KeyCount>${keys.length + folders.length}</KeyCount><MaxKeys>${maxKeys}</MaxKeys>`,
    `<IsTruncated>${next !== undefined}</IsTruncated>`,
    token && `<NextContinuationToken>${token}</NextContinuationToken>`,
    ...contents,
    ...prefixes,
    '</ListBucketResult>',
  ].join('');
}

/** Slashes stay, as in S3's answers. */
function percentEncoded(text: string): string {
  return encodeURIComponent(text)
    .replaceAll('%2F', '/')
    .replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}
