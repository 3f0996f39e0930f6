import { HeadBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { bucketStatementsFor } from '../../../infra/config/bucket-access.ts';
import type { Checked, Finding } from '../check.ts';
import type { ProbeContext } from './probe.ts';

/** A bucket, and what writes to it: folder and role are known after a deploy. */
export interface ProbedBucket {
  readonly bucket: string;
  readonly folder?: string;
  /** ARN. */
  readonly role?: string;
  /** True of the stage's own bucket, of which nobody else can be the owner. Default false. */
  readonly own?: boolean;
}

/**
 * Checks that the bucket exists, and whose it is where the account is known. Nobody but its owner can read whether the
 * policy of another account's bucket lets Firehose's role in.
 */
export async function probeBucket(
  probed: ProbedBucket,
  { connection, account }: Pick<ProbeContext, 'connection' | 'account'>,
  check: Checked,
): Promise<readonly Finding[]> {
  const { bucket } = probed;
  const client = new S3Client({ ...connection, forcePathStyle: connection.endpoint !== undefined });
  const ask = (owner?: string) => askBucket(client, { Bucket: bucket, ExpectedBucketOwner: owner });
  try {
    const own = await ask(account);
    if (own.status === 200) return [check.ok(`bucket ${bucket} is there`)];
    if (own.status === 404)
      return [check.failed(`there is no bucket ${bucket}`, 'create it, or correct bucket in the settings')];
    if (own.status === 301)
      return [check.failed(`bucket ${bucket} is in another region`, `take one in ${connection.region}`)];
    if (own.status !== 403) {
      const says = `bucket ${bucket} cannot be asked (${own.name})`;
      return [check.failed(says, 'see whether S3 can be reached from here')];
    }
    if (probed.own === true) {
      const says = `bucket ${bucket} is there, and not for these credentials to see`;
      return [check.warning(says, 'ask again with credentials that may list it (s3:ListBucket)')];
    }
    const isForeign = account !== undefined && (await ask()).status === 200;
    const says = isForeign
      ? `bucket ${bucket} is another account's, and whether its policy lets Firehose's role in is not to be seen from here`
      : `bucket ${bucket} is there, and not for these credentials to see`;
    return [check.warning(says, policyOf(probed, isForeign))];
  } finally {
    client.destroy();
  }
}

function policyOf({ bucket, folder, role }: ProbedBucket, isForeign: boolean): string {
  const whose = isForeign ? 'it' : "if it is another account's, it";
  if (role === undefined || folder === undefined)
    return `${whose} needs statements in its policy that let the delivery stream's role in: npx relay doctor prints them after the deploy`;
  return `${whose} needs these statements beside the others of its policy, and a key of its own the use by this role: ${bucketStatementsFor({ bucket, folder, role })}`;
}

async function askBucket(
  client: S3Client,
  input: { readonly Bucket: string; readonly ExpectedBucketOwner: string | undefined },
): Promise<{ readonly status: number; readonly name: string }> {
  try {
    await client.send(new HeadBucketCommand(input));
    return { status: 200, name: '' };
  } catch (error) {
    const { name = '', $metadata } = error as { name?: string; $metadata?: { httpStatusCode?: number } };
    return { status: $metadata?.httpStatusCode ?? 0, name };
  }
}
