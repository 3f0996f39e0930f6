import { GetObjectCommand, ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import { type Bucket, createBucket, type ObjectContent } from '../../../cli/access/bucket.ts';

/** A bucket whose objects are in memory, and the number of objects that were read. */
export interface MemoryBucket extends Bucket {
  write(key: string, object: ObjectContent, modifiedAt: number): void;
  readonly reads: number;
}

/** Answers the two calls that reading a bucket takes, as S3 does: in the order of keys. */
export function createMemoryBucket(): MemoryBucket {
  const objects = new Map<string, ObjectContent & { readonly modifiedAt: number }>();
  let reads = 0;
  const send = async (command: unknown): Promise<unknown> => {
    if (command instanceof ListObjectsV2Command) {
      const { Prefix = '' } = command.input;
      const keys = [...objects.keys()].filter((key) => key.startsWith(Prefix)).toSorted();
      return {
        Contents: keys.map((Key) => ({
          Key,
          Size: objects.get(Key)!.body.length,
          LastModified: new Date(objects.get(Key)!.modifiedAt),
        })),
      };
    }
    if (!(command instanceof GetObjectCommand)) throw new Error('this bucket is only read');
    reads += 1;
    const found = objects.get(command.input.Key!);
    if (found === undefined) throw Object.assign(new Error('no such key'), { name: 'NoSuchKey' });
    return { Body: { transformToByteArray: async () => found.body }, Metadata: found.metadata };
  };
  return {
    ...createBucket({ send } as unknown as S3Client, 'bucket'),
    write: (key, object, modifiedAt) => void objects.set(key, { ...object, modifiedAt }),
    get reads() {
      return reads;
    },
  };
}
