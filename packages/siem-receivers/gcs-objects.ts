import { createHash } from 'node:crypto';
import { crc32c } from './crc32c.ts';

export interface GcsObject {
  readonly name: string;
  readonly bytes: Buffer;
  readonly contentType: string;
  /** Set, GCS would decompress the object when it is read. */
  readonly contentEncoding?: string;
  /** Grows with every write to the bucket. */
  readonly generation: number;
  readonly md5Hash: string;
  readonly crc32c: string;
  /** Milliseconds, on the run's clock. */
  readonly createdAt: number;
}

export function gcsObject(
  upload: Pick<GcsObject, 'name' | 'bytes' | 'contentType' | 'contentEncoding' | 'generation' | 'createdAt'>,
): GcsObject {
  const md5Hash = createHash('md5').update(upload.bytes).digest('base64');
  return { ...upload, md5Hash, crc32c: crc32c(upload.bytes) };
}

/** The object resource, whole, or the members that `fields` names. */
export function resourceOf(bucket: string, object: GcsObject, fields?: string): Record<string, unknown> {
  const created = new Date(object.createdAt).toISOString();
  const resource: Record<string, unknown> = {
    kind: 'storage#object',
    id: `${bucket}/${object.name}/${object.generation}`,
    name: object.name,
    bucket,
    generation: String(object.generation),
    metageneration: '1',
    contentType: object.contentType,
    storageClass: 'STANDARD',
    size: String(object.bytes.length),
    md5Hash: object.md5Hash,
    crc32c: object.crc32c,
    ...(object.contentEncoding !== undefined && { contentEncoding: object.contentEncoding }),
    timeCreated: created,
    updated: created,
  };
  if (fields === undefined) return resource;
  return Object.fromEntries(fields.split(',').map((name) => [name, resource[name]]));
}

/** Compares with `x-goog-hash: crc32c=…,md5=…`; undefined when nothing contradicts it. */
export function checkHashes(header: string | undefined, object: GcsObject): string | undefined {
  for (const part of header?.split(',') ?? []) {
    const [, name, value] = /^(crc32c|md5)=([A-Za-z0-9+/=]+)$/.exec(part.trim()) ?? [];
    if (name === undefined) return `Invalid x-goog-hash: ${part}`;
    const own = name === 'md5' ? object.md5Hash : object.crc32c;
    if (own !== value)
      return `Provided ${name === 'md5' ? 'MD5 hash' : 'CRC32C'} "${value}" doesn't match calculated "${own}".`;
  }
  return undefined;
}
