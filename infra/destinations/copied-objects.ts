import type { Construct } from 'constructs';
import { deliveredDestinationFolder } from '../../functions/stored/delivered-key.ts';
import { dataPrefix } from '../../functions/stored/hourly-prefix.ts';
import type { ObjectCopier } from '../constructs/object-copier.ts';
import { errorPrefix } from './delivery-backup.ts';
import { deliveryMeans, deliveryStream } from './delivery-stream.ts';
import type { DeliveryStream, DestinationProps } from './destination-kind.ts';
import { gzippedObjects } from './packed-objects.ts';

/** A delivery stream to the relay's bucket, from whose folder an object copier takes on. */
export function copiedObjects(
  scope: Construct,
  props: DestinationProps,
  { bufferMiB, bufferSeconds, compressRecords, copier, trusted }: CopiedObjects,
): DeliveryStream {
  const folder = deliveredDestinationFolder({
    streamName: props.stream.name,
    destination: props.destination,
  });
  const means = deliveryMeans(scope, props, { statements: [], ownBucket: true });
  props.bucket.expire(folder, props.transitDays);
  const { role, queues } = copier(folder);
  const delivering = deliveryStream(scope, props, {
    means,
    extendedS3DestinationConfiguration: {
      bucketArn: props.bucket.bucketArn,
      roleArn: means.role.roleArn,
      prefix: dataPrefix(folder, props.stream.type),
      errorOutputPrefix: errorPrefix(props),
      ...gzippedObjects({ compressRecords }),
      bufferingHints: { sizeInMBs: bufferMiB, intervalInSeconds: bufferSeconds },
      cloudWatchLoggingOptions: means.logging,
    },
  });
  const trustedRole = trusted === undefined ? undefined : { role: role.roleName, use: trusted };
  return { ...delivering, ...(trustedRole && { trustedRole }), copier: queues };
}

export interface CopiedObjects {
  readonly bufferMiB: number;
  readonly bufferSeconds: number;
  readonly compressRecords: boolean;
  readonly copier: (folder: string) => ObjectCopier;
  /** What the receiver's trust does with the copier's role; absent where no receiver names a role. */
  readonly trusted?: string;
}
