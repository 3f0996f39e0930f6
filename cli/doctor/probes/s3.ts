import { HeadBucketCommand, S3Client } from '@aws-sdk/client-s3';
import type { Checked, Finding } from '../check.ts';
import type { ProbeContext } from './probe.ts';

/** Checks that the bucket exists. The bucket's own policy decides whether Firehose's role may write to it. */
export async function probeBucket(
  { bucket }: { readonly bucket: string },
  { connection }: Pick<ProbeContext, 'connection'>,
  check: Checked,
): Promise<readonly Finding[]> {
  const client = new S3Client({ ...connection, forcePathStyle: connection.endpoint !== undefined });
  try {
    await client.send(new HeadBucketCommand({ Bucket: bucket }));
    return [check.ok(`bucket ${bucket} is there`)];
  } catch (error) {
    const { name = '', $metadata } = error as { name?: string; $metadata?: { httpStatusCode?: number } };
    const status = $metadata?.httpStatusCode;
    if (status === 404)
      return [check.failed(`there is no bucket ${bucket}`, 'create it, or correct bucket in the settings')];
    if (status === 301)
      return [check.failed(`bucket ${bucket} is in another region`, `take one in ${connection.region}`)];
    if (status === 403) {
      return [
        check.warning(
          `bucket ${bucket} is there, and not for these credentials to see`,
          "see that its policy lets the delivery stream's role write: npx relay status shows it by the destination's health",
        ),
      ];
    }
    return [
      check.failed(`bucket ${bucket} cannot be asked (${name})`, 'see whether S3 can be reached from here'),
    ];
  } finally {
    client.destroy();
  }
}
