import { sha256, signedHeaders } from './aws-signature.ts';
import { networkFailure } from './shown-failure.ts';

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

export interface Signer {
  /** An address that stands for every host; absent on AWS. */
  readonly endpoint?: string | undefined;
  readonly credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string | undefined;
  };
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** Signs the call with the credentials, and makes it once. */
export async function postSigned(
  call: SignedCall,
  { endpoint, credentials, now }: Signer,
): Promise<SignedAnswer> {
  const url = new URL(endpoint ?? `https://${call.host}`);
  const { service, region, body } = call;
  const headers = signedHeaders(
    { method: 'POST', url: new URL('/', url), headers: call.headers, payloadHash: sha256(body) },
    { service, region, credentials, now },
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
