import { Agent, type Agent as HttpsAgent, request } from 'node:https';
import { constants, zstdCompressSync } from 'node:zlib';
import { sha256, signatureOf } from '../aws-signature.ts';
import { world } from '../world.ts';
import { serveRounds } from './serve-rounds.ts';

// The floor: what any collector with a journal must do, written by hand for this benchmark and nothing more. It
// reads, journals (compressed, as the relay does), encodes in base64, signs and sends. It does not cut answers into
// events, knows no failures and keeps no records: no program to use, but the least there is to compare with.

const agent: HttpsAgent = new Agent({ keepAlive: true });
const mosaicUrl = process.env.MOSAIC_URL!;
const awsUrl = process.env.AWS_ENDPOINT_URL!;
const query = `type=${world.eventType}&stream_id=${world.streamId}&batch_size=1000`;
/** A multiple of 3, so that no record but the last needs padding. */
const recordBytes = 500 * 1020;
let token: string | undefined;
let journaled = 0;

await serveRounds(async () => {
  token ??= await fetchToken();
  for (;;) {
    const answer = await call(new URL(`${world.collectPath}?${query}`, mosaicUrl), {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: Buffer.from('{}'),
    });
    if (answer.length <= 2) return;
    await putObject(zstdCompressSync(answer, { params: { [constants.ZSTD_c_compressionLevel]: 1 } }));
    await putRecordBatch(answer);
  }
});

async function fetchToken(): Promise<string> {
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: world.clientId,
    client_secret: world.clientSecret,
  });
  const answer = await call(new URL(world.tokenPath, mosaicUrl), {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: Buffer.from(form.toString()),
  });
  return (JSON.parse(answer.toString()) as { access_token: string }).access_token;
}

async function putObject(body: Buffer): Promise<void> {
  journaled += 1;
  const path = `/${world.bucket}/answers/benchmark/${String(journaled).padStart(6, '0')}.json.zst`;
  await signedCall({
    service: 's3',
    method: 'PUT',
    path,
    headers: {},
    body,
    payloadHash: 'UNSIGNED-PAYLOAD',
  });
}

async function putRecordBatch(answer: Buffer): Promise<void> {
  const body = encode(answer);
  await signedCall({
    service: 'firehose',
    method: 'POST',
    path: '/',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'Firehose_20150804.PutRecordBatch',
    },
    body,
    payloadHash: sha256(body),
  });
}

function encode(answer: Buffer): Buffer {
  const records = Math.ceil(answer.length / recordBytes);
  const body = Buffer.allocUnsafe(200 + records * 16 + Math.ceil(answer.length / 3) * 4);
  let at = body.write(`{"DeliveryStreamName":"${world.deliveryStream}","Records":[`, 'latin1');
  for (let start = 0; start < answer.length; start += recordBytes) {
    at += body.write(start === 0 ? '{"Data":"' : ',{"Data":"', at, 'latin1');
    at += body.write(
      answer.toString('base64', start, Math.min(start + recordBytes, answer.length)),
      at,
      'latin1',
    );
    at += body.write('"}', at, 'latin1');
  }
  at += body.write(']}', at, 'latin1');
  return body.subarray(0, at);
}

async function signedCall(options: {
  readonly service: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly payloadHash: string;
}): Promise<void> {
  const { service, method, path, body, payloadHash } = options;
  const url = new URL(path, awsUrl);
  const time = new Date().toISOString().replace(/[-:]|\.\d{3}/g, '');
  const headers: Record<string, string> = {
    ...options.headers,
    host: url.host,
    'x-amz-content-sha256': payloadHash,
    'x-amz-date': time,
    'x-amz-security-token': world.sessionToken,
  };
  const scope = { date: time.slice(0, 8), region: world.region, service };
  const signedHeaders = Object.keys(headers).sort();
  const signature = signatureOf(
    { method, path, query: '', headers, signedHeaders, payloadHash, scope },
    world.secretAccessKey,
  );
  headers.authorization =
    `AWS4-HMAC-SHA256 Credential=${world.accessKeyId}/${scope.date}/${scope.region}/${service}/aws4_request, ` +
    `SignedHeaders=${signedHeaders.join(';')}, Signature=${signature}`;
  await call(url, { method, headers, body });
}

function call(
  url: URL,
  options: {
    readonly method: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: Buffer;
  },
): Promise<Buffer> {
  const { method, headers, body } = options;
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { agent, method, headers: { ...headers, 'content-length': body.length } });
    outgoing.on('error', reject);
    outgoing.on('response', (response) => {
      const answer = Buffer.allocUnsafeSlow(Number(response.headers['content-length']));
      let length = 0;
      response.on('data', (chunk: Buffer) => {
        length += chunk.copy(answer, length);
      });
      response.on('error', reject);
      response.on('end', () => {
        if (response.statusCode! < 300) resolve(answer);
        else reject(new Error(`${method} ${url.pathname} answered ${response.statusCode}: ${answer}`));
      });
    });
    outgoing.end(body);
  });
}
