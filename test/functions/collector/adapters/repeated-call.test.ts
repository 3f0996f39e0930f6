import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FirehoseClient, PutRecordBatchCommand } from '@aws-sdk/client-firehose';
import { S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sha256, signatureOf } from '../../../../bench/aws-signature.ts';
import { directRequestHandler } from '../../../../functions/collector/adapters/direct-request-handler.ts';
import { createFirehoseSink } from '../../../../functions/collector/adapters/firehose-sink.ts';
import { afterBuild, createRepeatedCall } from '../../../../functions/collector/adapters/repeated-call.ts';
import { createS3Journal } from '../../../../functions/collector/adapters/s3-journal.ts';
import type { Journal, JournaledBatch, Sink } from '../../../../functions/collector/ports.ts';

/** What came over the wire; a stand-in answers it as S3 or Firehose would a call that it takes. */
interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

const never = new AbortController().signal;
const received: Received[] = [];
let answer: (request: Received, response: ServerResponse) => void;
let server: Server;
let credentials = { accessKeyId: 'AKIAFIRST', secretAccessKey: 'first', sessionToken: 'session-1' };

beforeEach(async () => {
  received.length = 0;
  answer = accept;
  credentials = { accessKeyId: 'AKIAFIRST', secretAccessKey: 'first', sessionToken: 'session-1' };
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method = '', url = '', headers } = request;
    const got = { method, url, headers, body: Buffer.concat(chunks) };
    received.push(got);
    answer(got, response);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

function accept({ method }: Received, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' });
  response.end(method === 'PUT' ? '' : '{"FailedPutCount":0,"RequestResponses":[{"RecordId":"1"}]}');
}

function refuse(status: number, body: string) {
  return (_: Received, response: ServerResponse) => void response.writeHead(status).end(body);
}

const settings = () => ({
  endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  region: 'eu-central-1',
  credentials: async () => ({ ...credentials, expiration: new Date() }),
});

function journalOf(overrides: object = {}): Journal {
  const client = new S3Client({
    ...settings(),
    forcePathStyle: true,
    requestHandler: directRequestHandler(1_000),
    ...overrides,
  });
  return createS3Journal({ client, bucket: 'journal-bucket', streamName: 'cis' });
}

function sinkOf(answerWithinMs = 1_000): Sink {
  const client = new FirehoseClient({
    ...settings(),
    requestHandler: directRequestHandler(answerWithinMs),
    maxAttempts: 1,
  });
  return createFirehoseSink({ client, deliveryStreamName: 'relay-cis-s3' });
}

const start = Date.UTC(2026, 2, 1);

function batchOf(number: number, batch: Partial<JournaledBatch> = {}): JournaledBatch {
  return {
    run: 'run-a',
    startedAt: start,
    number,
    collectedAt: start + number,
    stream: 'relay-cis',
    answer: { received: Buffer.from(`batch ${number}`), encoding: 'gzip' },
    cutOff: false,
    ...batch,
  };
}

/** Without what belongs to one call alone, and to the client's own bookkeeping. */
function lasting({ method, url, headers, body }: Received): object {
  const { authorization, 'x-amz-date': date, 'amz-sdk-request': attempt, ...rest } = headers;
  delete rest['amz-sdk-invocation-id'];
  return { method, url, headers: rest, body: body.toString() };
}

function isRepeated({ headers }: Received): boolean {
  return headers['amz-sdk-invocation-id'] === undefined;
}

test.each([
  ['as the first', {}],
  ['of an answer that was cut off', { cutOff: true }],
  ['that a witness added', { recovered: true }],
  ['in another encoding', { answer: { received: Buffer.alloc(300_000, 7), encoding: 'zstd' } as const }],
])('a repeated PUT %s is what the client itself would send', async (_, facts) => {
  const repeating = journalOf();
  await repeating.put(batchOf(1, { cutOff: true, recovered: true }), never);
  await repeating.put(batchOf(2, facts), never);
  await journalOf().put(batchOf(2, facts), never);
  expect(received.map(isRepeated)).toEqual([false, true, false]);
  expect(lasting(received[1]!)).toEqual(lasting(received[2]!));
});

test('a repeated PutRecordBatch is what the client itself would send', async () => {
  const repeating = sinkOf();
  await repeating.put([Buffer.from('{"n":1}')], never);
  await repeating.put([Buffer.from('{"n":22}')], never);
  await sinkOf().put([Buffer.from('{"n":22}')], never);
  expect(received.map(isRepeated)).toEqual([false, true, false]);
  expect(lasting(received[1]!)).toEqual(lasting(received[2]!));
});

test('repeated calls are signed, with the credentials of the moment', async () => {
  const [journal, sink] = [journalOf(), sinkOf()];
  for (const number of [1, 2, 3]) {
    if (number === 3)
      credentials = { accessKeyId: 'AKIASECOND', secretAccessKey: 'second', sessionToken: 'session-2' };
    await journal.put(batchOf(number), never);
    await sink.put([Buffer.from(`{"n":${number}}`)], never);
  }
  expect(received.slice(2).every(isRepeated)).toBe(true);
  expect(received.map(signatureHolds)).toEqual(Array(6).fill(true));
  expect(received.at(-1)!.headers['x-amz-security-token']).toBe('session-2');
});

test('another run begins with the client again', async () => {
  const journal = journalOf();
  await journal.put(batchOf(1), never);
  await journal.put(batchOf(1, { run: 'run-b' }), never);
  await journal.put(batchOf(2, { run: 'run-b' }), never);
  expect(received.map(isRepeated)).toEqual([false, false, true]);
  expect(received.map(({ url }) => url.split('?')[0])).toEqual(
    ['run-a/000001', 'run-b/000001', 'run-b/000002'].map(
      (name) => `/journal-bucket/journal/cis/2026-03-01/${name}.json.gz`,
    ),
  );
});

test.each([
  ['refused', refuse(503, '<Error><Code>SlowDown</Code></Error>')],
  ['reset', (_: Received, response: ServerResponse) => void response.destroy()],
])('a repeated call that is %s is made once more by the client', async (_, failing) => {
  const [journal, sink] = [journalOf(), sinkOf()];
  await journal.put(batchOf(1), never);
  await sink.put([Buffer.from('{"n":1}')], never);
  answer = (request, response) => (isRepeated(request) ? failing : accept)(request, response);
  await journal.put(batchOf(2), never);
  expect(await sink.put([Buffer.from('{"n":2}')], never)).toEqual([undefined]);
  expect(received.slice(2).map(isRepeated)).toEqual([true, false, true, false]);
});

test('a refusal is told by the name that the client gives it', async () => {
  const [journal, sink] = [journalOf(), sinkOf()];
  await journal.put(batchOf(1), never);
  await sink.put([Buffer.from('{"n":1}')], never);
  answer = ({ method }, response) =>
    method === 'PUT'
      ? refuse(403, '<Error><Code>AccessDenied</Code></Error>')(received[0]!, response)
      : refuse(400, '{"__type":"ThrottlingException"}')(received[0]!, response);
  await expect(journal.put(batchOf(2), never)).rejects.toMatchObject({ name: 'AccessDenied' });
  await expect(sink.put([Buffer.from('{"n":2}')], never)).rejects.toMatchObject({
    code: 'SinkRefused',
    throttled: true,
  });
});

test('a repeated call that is given up is not made again', async () => {
  const journal = journalOf();
  await journal.put(batchOf(1), never);
  const given = new AbortController();
  answer = () => given.abort();
  await expect(journal.put(batchOf(2), given.signal)).rejects.toThrow('aborted');
  answer = accept;
  await journal.put(batchOf(2), never);
  expect(received.map(isRepeated)).toEqual([false, true, false]);
});

test('where the client has no such signer any more, the client makes every call', async () => {
  const client = new FirehoseClient({ ...settings(), requestHandler: directRequestHandler(1_000) });
  const config = { ...client.config, signer: undefined };
  const repeated = createRepeatedCall({ config } as never, []);
  const command = new PutRecordBatchCommand({ DeliveryStreamName: 'relay-cis-s3', Records: [] });
  command.middlewareStack.add(repeated.note('here'), afterBuild);
  await client.send(command);
  expect(await repeated.again('here', { headers: {}, body: Buffer.from('{}') }, never)).toBeUndefined();
});

test('calls that are refused for being repeated are given up after three in a row', async () => {
  const [journal, sink] = [journalOf(), sinkOf()];
  answer = (request, response) =>
    (isRepeated(request) ? refuse(400, '<Error><Code>InvalidRequest</Code></Error>') : accept)(
      request,
      response,
    );
  for (let number = 1; number <= 8; number++) {
    await journal.put(batchOf(number), never);
    await sink.put([Buffer.from(`{"n":${number}}`)], never);
  }
  expect(received.filter(isRepeated)).toHaveLength(2 * 3);
  expect(received).toHaveLength(2 * (8 + 3));
});

test('a repeated call that hangs is not followed by the client, whose attempts would hang as well', async () => {
  const sink = sinkOf(50);
  await sink.put([Buffer.from('{"n":1}')], never);
  answer = () => undefined;
  await expect(sink.put([Buffer.from('{"n":2}')], never)).rejects.toMatchObject({
    facts: { error: 'TimeoutError' },
  });
  answer = accept;
  await sink.put([Buffer.from('{"n":2}')], never);
  expect(received.map(isRepeated)).toEqual([false, true, false]);
});

test.each([
  ['a record id that is null is no acceptance', { RecordId: null }, 'IncompleteAnswer'],
  ['an error code that is null is no refusal', { RecordId: '1', ErrorCode: null }, undefined],
])('%s, whoever reads the answer', async (_, response, error) => {
  const sink = sinkOf();
  await sink.put([Buffer.from('{"n":1}')], never);
  answer = (_request, outgoing) =>
    void outgoing.end(JSON.stringify({ FailedPutCount: 0, RequestResponses: [response] }));
  for (const each of [sink, sinkOf()]) {
    const codes = each.put([Buffer.from('{"n":2}')], never);
    if (error === undefined) expect(await codes).toEqual([undefined]);
    else await expect(codes).rejects.toMatchObject({ facts: { error } });
  }
  expect(received.map(isRepeated)).toEqual([false, true, false]);
});

test('a bucket in the name of the host stays there', async () => {
  const hosts: string[] = [];
  const handler = directRequestHandler(1_000);
  const { port } = server.address() as AddressInfo;
  const recording = {
    ...handler,
    // No name of the kind resolves here.
    handle: (request: { hostname: string; path: string }, options: object) => {
      hosts.push(`${request.hostname}${request.path}`);
      return handler.handle({ ...request, hostname: '127.0.0.1' } as never, options);
    },
  };
  const endpoint = `http://s3.test.invalid:${port}`;
  const journal = journalOf({ endpoint, forcePathStyle: false, requestHandler: recording });
  await journal.put(batchOf(1), never);
  await journal.put(batchOf(2), never);
  expect(received.map(isRepeated)).toEqual([false, true]);
  expect(hosts).toEqual(
    [1, 2].map((n) => `journal-bucket.s3.test.invalid/journal/cis/2026-03-01/run-a/00000${n}.json.gz`),
  );
  expect(received.map(signatureHolds)).toEqual([true, true]);
});

function signatureHolds({ method, url, headers, body }: Received): boolean {
  const [, accessKeyId, date, region, service, signed, signature] =
    /Credential=([^/]+)\/(\d+)\/([^/]+)\/([^/]+)\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=(\w+)/.exec(
      headers.authorization!,
    )!;
  const [path, query = ''] = url.split('?');
  const secret = { AKIAFIRST: 'first', AKIASECOND: 'second' }[accessKeyId!]!;
  const expected = signatureOf(
    {
      method,
      path: path!,
      query,
      headers: headers as Record<string, string>,
      signedHeaders: signed!.split(';'),
      payloadHash: sha256(body),
      scope: { date: date!, region: region!, service: service! },
    },
    secret,
  );
  return signature === expected && signed!.includes('host');
}
