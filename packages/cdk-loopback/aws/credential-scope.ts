import type { IncomingHttpHeaders } from 'node:http';

/** The signer and the service of a request, as SigV4 names them in the `Authorization` header. */
export interface CredentialScope {
  readonly accessKeyId: string;
  readonly region: string;
  /** `s3`, `dynamodb`, `firehose`, … */
  readonly service: string;
}

const signature =
  /^AWS4-HMAC-SHA256 Credential=([^/\s]+)\/\d{8}\/([^/]+)\/([^/]+)\/aws4_request,\s*SignedHeaders=\S+,\s*Signature=[0-9a-f]{64}$/;

/**
 * Reads the credential scope. The signature itself is not verified: the caller is on loopback, and its key was
 * issued by this process.
 *
 * @returns undefined where a request is unsigned or signed in another way (query string, SigV4A)
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function credentialScope(headers: IncomingHttpHeaders): CredentialScope | undefined {
  const parts = signature.exec(headers.authorization ?? '');
  if (!parts) return undefined;
  return { accessKeyId: parts[1]!, region: parts[2]!, service: parts[3]! };
}
