import type * as firehose from 'aws-cdk-lib/aws-kinesisfirehose';
import { type BackupOwner, backupCopyPrefix, backupErrorPrefix } from '../../functions/stored/backup-key.ts';
import { oneOf, wholeNumber } from '../config/fields.ts';
import type { DeliveryMeans } from './delivery-stream.ts';
import type { DestinationProps } from './destination-kind.ts';

/** What every kind but `s3` may be told about what its receiver does not take. */
export interface BackupSettings {
  /** How long Firehose goes on trying after a first failure, seconds. 0..7200, default 3600. */
  readonly retrySeconds?: number;
  /** What is kept in the bucket's `backup/` folder: what was given up (always), or everything. Default `failures`. */
  readonly backup?: 'failures' | 'everything';
}

export const backupFields = {
  retrySeconds: wholeNumber(0, 7200).default(3600),
  backup: oneOf(['failures', 'everything']).default('failures'),
};

/** Where what a destination did not take is kept, by error, day and hour. */
export function errorPrefix(props: DestinationProps): string {
  return backupErrorPrefix(ownerOf(props));
}

/** The backup of a kind whose data goes elsewhere. Both prefixes are set, else failures would lie among the copies. */
export function backupConfiguration(
  props: DestinationProps,
  { role, logging }: DeliveryMeans,
): firehose.CfnDeliveryStream.S3DestinationConfigurationProperty {
  return {
    bucketArn: props.bucket.bucketArn,
    roleArn: role.roleArn,
    prefix: backupCopyPrefix(ownerOf(props)),
    errorOutputPrefix: errorPrefix(props),
    compressionFormat: 'GZIP',
    bufferingHints: { sizeInMBs: 5, intervalInSeconds: 300 },
    cloudWatchLoggingOptions: logging,
  };
}

function ownerOf({ stream, destination }: DestinationProps): BackupOwner {
  return { streamName: stream.name, destination };
}
