import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { RelayError } from '../../relay-error.ts';
import { keptViewKey, writeKeptView } from '../../stored/kept-view.ts';
import type { KeepView } from '../views/destination-view.ts';

/** Keeps a stream's compiled views in S3, where `relay replay` and audits find them. */
export function createKeptViews(options: {
  readonly client: S3Client;
  readonly bucket: string;
  /** The stream's stable name here. */
  readonly streamName: string;
}): KeepView {
  return async (label, view) => {
    const command = new PutObjectCommand({
      Bucket: options.bucket,
      Key: keptViewKey(options.streamName, label),
      Body: writeKeptView(view),
      ContentType: 'application/json',
    });
    try {
      await options.client.send(command);
    } catch (cause) {
      throw new RelayError(
        'ViewNotKept',
        `The compiled view ${label} could not be kept in the bucket; its destination gets nothing until it can be.`,
        { facts: { view: label }, cause },
      );
    }
  };
}
