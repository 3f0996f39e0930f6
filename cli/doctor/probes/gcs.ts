import { STSClient } from '@aws-sdk/client-sts';
import { AwsClient } from 'google-auth-library/build/src/auth/awsclient.js';
import { networkFailure } from '../../../functions/shown-failure.ts';
import { shownCode } from '../../../functions/shown-words.ts';
import type { Receiver } from '../../../infra/destinations/receiver.ts';
import type { Connection } from '../../access/deployed-relay.ts';
import type { Checked, Finding } from '../check.ts';
import { isAnswer, type ProbeContext, reach } from './probe.ts';

type GcsTarget = Extract<Receiver, { readonly protocol: 'google-storage' }>;

/** Calls the bucket without credentials, and the identity provider with the operator's. Nothing is written. */
export async function probeGcs(
  target: GcsTarget,
  context: ProbeContext,
  check: Checked,
): Promise<readonly Finding[]> {
  return [await probeGcsBucket(target, check), await probeFederation(target, context.connection, check)];
}

/** Even without credentials Google's answer says whether a bucket exists: 401 if it does, 404 if not. */
async function probeGcsBucket({ url, bucket }: GcsTarget, check: Checked): Promise<Finding> {
  const address = `${url}/storage/v1/b/${encodeURIComponent(bucket)}?fields=name`;
  const answer = await reach({ method: 'GET', url: address, headers: {} }, check);
  if (!isAnswer(answer)) return answer;
  if (answer.status === 404)
    return check.failed(
      `there is no bucket ${bucket}`,
      'create it as docs/gcs.md says, or correct bucket in the settings',
    );
  if (answer.status === 200)
    return check.warning(
      `bucket ${bucket} is open to everybody`,
      'take allUsers out of its roles: events are personal data',
    );
  return check.ok(`bucket ${bucket} is there`);
}

/**
 * Exchanges this machine's AWS identity for a token. A well-made provider knows the identity and refuses it,
 * because its condition lets only the copier's role in. The copier's own metrics show whether the provider lets
 * that role in.
 */
async function probeFederation(
  { stsUrl, audience }: GcsTarget,
  connection: Connection,
  check: Checked,
): Promise<Finding> {
  if (connection.endpoint !== undefined)
    return check.skipped(
      "a local run has a clock of its own, by which this machine's signature would be out of date",
    );
  const provider = audience.slice(
    audience.indexOf('workloadIdentityPools/') + 'workloadIdentityPools/'.length,
  );
  const error = await exchange({ stsUrl, audience }, connection);
  if (error === undefined)
    return check.warning(
      `identity provider ${provider} lets these credentials in, not the copier's role alone`,
      'give it the attribute condition of docs/gcs.md',
    );
  if (error === 'unauthorized_client')
    return check.ok(
      `identity provider ${provider} knows this AWS account, and lets in whom its condition names`,
    );
  if (error === 'invalid_target')
    return check.failed(
      `there is no identity provider ${provider}, or it is disabled`,
      'create it as docs/gcs.md says',
    );
  if (error === 'invalid_grant')
    return check.failed(
      `identity federation is refused (${error})`,
      'see that the provider names this AWS account, as docs/gcs.md says',
    );
  return check.failed(
    `the token exchange cannot be asked (${error})`,
    `see whether ${new URL(stsUrl).host} can be reached`,
  );
}

/** Gives OAuth's error code or the network's failure; undefined where a token was given. */
async function exchange(
  { stsUrl, audience }: Pick<GcsTarget, 'stsUrl' | 'audience'>,
  connection: Connection,
): Promise<string | undefined> {
  const sts = new STSClient(connection);
  const client = new AwsClient({
    type: 'external_account',
    audience,
    subject_token_type: 'urn:ietf:params:aws:token-type:aws4_request',
    token_url: `${stsUrl}/v1/token`,
    scopes: ['https://www.googleapis.com/auth/devstorage.read_write'],
    aws_security_credentials_supplier: {
      getAwsRegion: async () => connection.region,
      getAwsSecurityCredentials: async () => {
        const { accessKeyId, secretAccessKey, sessionToken } = await sts.config.credentials();
        return { accessKeyId, secretAccessKey, token: sessionToken };
      },
    },
  });
  try {
    await client.getAccessToken();
    return undefined;
  } catch (error) {
    return readFailure(error);
  } finally {
    sts.destroy();
  }
}

/** Reads the error's code alone. Google's description, and the library's message with it, may hold private facts. */
function readFailure(error: unknown): string {
  const { response, status } = error as {
    readonly response?: { readonly data?: { readonly error?: unknown } | null };
    readonly status?: unknown;
  };
  if (response === undefined) return networkFailure(error);
  const code = response.data?.error;
  return (typeof code === 'string' ? shownCode(code) : undefined) ?? `status ${Number(status)}`;
}
