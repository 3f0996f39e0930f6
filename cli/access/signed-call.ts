import { STSClient } from '@aws-sdk/client-sts';
import { postSigned, type SignedAnswer, type SignedCall } from '../../functions/post-signed.ts';
import type { Connection } from './deployed-relay.ts';

/**
 * Signs the call with the credentials at hand, and makes it. An endpoint of the connection stands for every host.
 *
 * @throws {Error} `CredentialsProviderError` where there are no credentials
 */
export async function signedCall(call: SignedCall, connection: Connection): Promise<SignedAnswer> {
  const credentials = await credentialsOf(connection);
  return postSigned(call, { endpoint: connection.endpoint, credentials, now: Date.now() });
}

async function credentialsOf(connection: Connection) {
  const sts = new STSClient(connection);
  try {
    return await sts.config.credentials();
  } finally {
    sts.destroy();
  }
}
