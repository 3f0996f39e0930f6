import { STSClient } from '@aws-sdk/client-sts';
import { networkFailure } from '../../functions/shown-failure.ts';
import { sha256, signedHeaders } from './aws-signature.ts';
import type { Connection } from './deployed-relay.ts';

/** One POST to a service of AWS whose client is no dependency of this project. */
export interface SignedCall {
  /** As signatures name it: `iam`, `kms`. */
  readonly service: string;
  /** Of the signature; IAM's is `us-east-1` wherever the caller is. */
  readonly region: string;
  readonly host: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface SignedAnswer {
  /** 0 where nobody answered; `text` is the network's failure then. */
  readonly status: number;
  readonly text: string;
}

/**
 * Signs the call with the credentials at hand, and makes it. An endpoint of the connection stands for every host.
 *
 * @throws {Error} `CredentialsProviderError` where there are no credentials
 */
export async function signedCall(call: SignedCall, connection: Connection): Promise<SignedAnswer> {
  const url = new URL(connection.endpoint ?? `https://${call.host}`);
  const { service, region, body } = call;
  const headers = signedHeaders(
    { method: 'POST', url: new URL('/', url), headers: call.headers, payloadHash: sha256(body) },
    { service, region, credentials: await credentialsOf(connection), now: Date.now() },
  );
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers,
      body,
      signal: AbortSignal.timeout(10_000),
    });
    return { status: answer.status, text: await answer.text() };
  } catch (error) {
    return { status: 0, text: networkFailure(error) };
  }
}

async function credentialsOf(connection: Connection) {
  const sts = new STSClient(connection);
  try {
    return await sts.config.credentials();
  } finally {
    sts.destroy();
  }
}
