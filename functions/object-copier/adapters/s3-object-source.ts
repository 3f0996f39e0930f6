import {
  GetObjectCommand,
  PutObjectTaggingCommand,
  type S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { copiedTag } from '../../stored/copied-tag.ts';
import type { ObjectSource } from '../ports.ts';
import { awsFailure } from './aws-failure.ts';

/** Reads whole objects of one bucket. An object above `capBytes` is poison. */
export function s3ObjectSource(s3: S3Client, bucket: string, capBytes: number): ObjectSource {
  return {
    async get(key, signal) {
      try {
        const { Body: body, ContentLength: size } = await s3.send(
          new GetObjectCommand({ Bucket: bucket, Key: key }),
          { abortSignal: signal },
        );
        if (body === undefined || size === undefined)
          throw new Error('S3 answered without a body or its length');
        if (size > capBytes) {
          await body.transformToWebStream().cancel();
          const message = `${key} has ${size} bytes, above the cap of ${capBytes}.`;
          return { kind: 'poison', reason: 'object-too-large', message };
        }
        return { kind: 'object', bytes: await body.transformToByteArray() };
      } catch (error) {
        if (error instanceof S3ServiceException && error.name === 'NoSuchKey') {
          return { kind: 'poison', reason: 'object-missing', message: `S3 no longer has ${key}.` };
        }
        return awsFailure(error, 'S3');
      }
    },
    async markCopied(key, signal) {
      const Tagging = { TagSet: [{ Key: copiedTag.key, Value: copiedTag.value }] };
      try {
        await s3.send(new PutObjectTaggingCommand({ Bucket: bucket, Key: key, Tagging }), {
          abortSignal: signal,
        });
        return undefined;
      } catch (error) {
        return awsFailure(error, 'S3');
      }
    },
  };
}
