import { type Agent, Agent as HttpsAgent, request } from 'node:https';
import { constants, zstdCompressSync } from 'node:zlib';
import { sha256, signatureOf } from '../../../functions/aws-signature.ts';
import { directRequestHandler } from '../../../functions/collector/adapters/direct-request-handler.ts';
import { setHeapGrowth } from '../../../functions/collector/adapters/heap-growth.ts';
import { createBodyWriter } from '../../../functions/collector/adapters/put-records-body.ts';
import { type Body, readBody } from '../../../functions/mosaic/read-body.ts';
import { world } from '../world.ts';
import { serveRounds } from './serve-rounds.ts';

// The floor: what any collector with a journal must do, and nothing more. It reads, journals (compressed, as the relay
// does), encodes in base64, signs and sends. It does not cut answers into events, knows no failures and keeps no
// records: no program to use, but the least there is to compare with. Whatever the relay does to spare memory and
// copies, the floor does by the same code: buffers that are used again, base64 in pieces, headers and body in two
// writes, and V8's flags. Signing is the operator's commands' own.

setHeapGrowth();
const agent: Agent = new HttpsAgent({ keepAlive: true });
const mosaicUrl = process.env.MOSAIC_URL!;
const aws = new URL(process.env.AWS_ENDPOINT_URL!);
const send = directRequestHandler(30_000, {});
const writer = createBodyWriter(world.deliveryStream);
const query = `type=${world.eventType}&stream_id=${world.streamId}&batch_size=1000`;
/** A multiple of 3, so that no record but the last needs padding. */
const recordBytes = 500 * 1020;
const answerCapBytes = 64 * 1024 * 1024;
let token: string | undefined;
let journaled = 0;

await serveRounds(async () => {
  token ??= await fetchToken();
  for (;;) {
    const answer = await callMosaic(`${world.collectPath}?${query}`, '{}', {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
    });
    if (answer.bytes.length <= 2) return;
    await putObject(zstdCompressSync(answer.bytes, { params: { [constants.ZSTD_c_compressionLevel]: 1 } }));
    await putRecordBatch(answer.bytes);
    answer.release();
  }
});

async function fetchToken(): Promise<string> {
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: world.clientId,
    client_secret: world.clientSecret,
  });
  const { bytes } = await callMosaic(world.tokenPath, form.toString(), {
    'content-type': 'application/x-www-form-urlencoded',
  });
  return (JSON.parse(Buffer.from(bytes).toString()) as { access_token: string }).access_token;
}

async function putObject(body: Uint8Array): Promise<void> {
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

async function putRecordBatch(answer: Uint8Array): Promise<void> {
  const records: Uint8Array[] = [];
  for (let start = 0; start < answer.length; start += recordBytes)
    records.push(answer.subarray(start, start + recordBytes));
  const body = writer.write(records);
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
  writer.free(body);
}

async function signedCall(options: {
  readonly service: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly payloadHash: string;
}): Promise<void> {
  const { service, method, path, body, payloadHash } = options;
  const time = new Date().toISOString().replace(/[-:]|\.\d{3}/g, '');
  const headers: Record<string, string> = {
    ...options.headers,
    host: aws.host,
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
  headers['content-length'] = String(body.length);
  const { protocol, hostname, port } = aws;
  const { response } = await send.handle({
    ...{ protocol, hostname, port: Number(port), method, path, headers, body },
  });
  if (response.statusCode >= 300) throw new Error(`${method} ${path} answered ${response.statusCode}`);
}

function callMosaic(
  pathAndQuery: string,
  text: string,
  headers: Readonly<Record<string, string>>,
): Promise<Body> {
  return new Promise((resolve, reject) => {
    const outgoing = request(new URL(pathAndQuery, mosaicUrl), { agent, method: 'POST', headers });
    outgoing.on('error', reject);
    outgoing.on('response', (response) => {
      readBody(response, answerCapBytes, { keepBeginning: false }).then((body) => {
        if (response.statusCode! < 300 && body.end === 'whole') resolve(body);
        else reject(new Error(`POST ${pathAndQuery} answered ${response.statusCode}, ${body.end}`));
      }, reject);
    });
    outgoing.end(text);
  });
}
