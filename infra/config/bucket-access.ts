/** The actions that Firehose needs in a bucket that is not the relay's: large objects go up in parts, and the bucket's owner gets full control. */
export const bucketActions = {
  bucket: ['s3:GetBucketLocation', 's3:ListBucketMultipartUploads'],
  objects: ['s3:AbortMultipartUpload', 's3:PutObject', 's3:PutObjectAcl'],
};

/**
 * The statements that the policy of another account's bucket needs for one destination, as one line of JSON. A policy has
 * those of every destination, beside the owner's.
 *
 * @param access.role ARN of the delivery stream's role, whose partition the bucket is in
 * @param access.folder ends in a slash
 * @see Firehose developer guide, "Cross-account delivery to an Amazon S3 destination"
 */
export function bucketStatementsFor({ bucket, folder, role }: BucketAccess): string {
  const arn = `arn:${role.split(':')[1]}:s3:::${bucket}`;
  const allow = (Action: readonly string[], Resource: string) => ({
    Effect: 'Allow',
    Principal: { AWS: role },
    Action,
    Resource,
  });
  return JSON.stringify([
    allow(bucketActions.bucket, arn),
    allow(bucketActions.objects, `${arn}/${folder}*`),
  ]);
}

export interface BucketAccess {
  readonly bucket: string;
  readonly folder: string;
  readonly role: string;
}
