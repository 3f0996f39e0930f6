import type { IncomingMessage } from 'node:http';
import { sha256, signatureOf } from '../../../functions/aws-signature.ts';
import { world } from '../world.ts';

/** The reason for which AWS would refuse a request's signature; undefined where the signature holds. */
export function signatureProblem(request: IncomingMessage, body: Buffer): string | undefined {
  const header =
    /^AWS4-HMAC-SHA256 Credential=([^,]+), ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/.exec(
      request.headers.authorization ?? '',
    );
  if (header === null) return 'no SigV4 authorization';
  const [, credential, signed, signature] = header;
  const [accessKeyId, date, region, service] = credential!.split('/');
  if (accessKeyId !== world.accessKeyId) return `unknown access key ${accessKeyId}`;
  if (request.headers['x-amz-security-token'] !== world.sessionToken) return 'no session token';
  const payload = request.headers['x-amz-content-sha256'];
  if (payload !== undefined && payload !== unsigned && payload !== sha256(body))
    return "the body's hash is another";
  if (payload === unsigned && service !== 's3') return 'only S3 takes an unsigned body';
  const [path, query = ''] = request.url!.split('?');
  const expected = signatureOf(
    {
      method: request.method!,
      path: path!,
      query: query.split('&').map(withEquals).sort().join('&'),
      headers: Object.fromEntries(
        Object.entries(request.headers).map(([name, value]) => [name, String(value).trim()]),
      ),
      signedHeaders: signed!.split(';'),
      payloadHash: typeof payload === 'string' ? payload : sha256(body),
      scope: { date: date!, region: region!, service: service! },
    },
    world.secretAccessKey,
  );
  return expected === signature ? undefined : 'the signature does not match';
}

const unsigned = 'UNSIGNED-PAYLOAD';

function withEquals(parameter: string): string {
  return parameter === '' || parameter.includes('=') ? parameter : `${parameter}=`;
}
