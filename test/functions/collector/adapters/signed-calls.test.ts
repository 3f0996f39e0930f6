import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { crc32 } from 'node:zlib';
import { FirehoseClient } from '@aws-sdk/client-firehose';
import { S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sha256, signatureOf } from '../../../../functions/aws-signature.ts';
import { directRequestHandler } from '../../../../functions/collector/adapters/direct-request-handler.ts';
import { createFirehoseSink } from '../../../../functions/collector/adapters/firehose-sink.ts';
import { createS3Journal } from '../../../../functions/collector/adapters/s3-journal.ts';
import type { Journal } from '../../../../functions/collector/protocol/ports/journal.ts';
import type { Sink } from '../../../../functions/collector/protocol/ports/sink.ts';
import type { JournaledBatch } from '../../../../functions/stored/journaled-batch.ts';

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

test('calls are signed with the credentials of the moment', async () => {
  const [journal, sink] = [journalOf(), sinkOf()];
  for (const number of [1, 2, 3]) {
    if (number === 3)
      credentials = { accessKeyId: 'AKIASECOND', secretAccessKey: 'second', sessionToken: 'session-2' };
    await journal.put(batchOf(number), never);
    await sink.put([Buffer.from(`{"n":${number}}`)], never);
  }
  expect(received.map(signatureHolds)).toEqual(Array(6).fill(true));
  expect(received.at(-1)!.headers['x-amz-security-token']).toBe('session-2');
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

test.each([
  ['a record id that is null is no acceptance', { RecordId: null }, 'IncompleteAnswer'],
  ['an error code that is null is no refusal', { RecordId: '1', ErrorCode: null }, undefined],
])('%s', async (_, response, error) => {
  answer = (_request, outgoing) =>
    void outgoing.end(JSON.stringify({ FailedPutCount: 0, RequestResponses: [response] }));
  const codes = sinkOf().put([Buffer.from('{"n":1}')], never);
  if (error === undefined) expect(await codes).toEqual([undefined]);
  else await expect(codes).rejects.toMatchObject({ facts: { error } });
});

test('a call that nobody answers is told as such, and the next one goes through', async () => {
  const sink = sinkOf(50);
  answer = () => undefined;
  await expect(sink.put([Buffer.from('{"n":1}')], never)).rejects.toMatchObject({
    facts: { error: 'TimeoutError' },
  });
  answer = accept;
  expect(await sink.put([Buffer.from('{"n":2}')], never)).toEqual([undefined]);
});

test('a put that is given up is not made again', async () => {
  const given = new AbortController();
  answer = () => given.abort();
  await expect(journalOf().put(batchOf(1), given.signal)).rejects.toThrow('aborted');
  expect(received).toHaveLength(1);
});

test('a PUT carries the facts of its batch and a checksum of its bytes', async () => {
  const body = Buffer.alloc(300_000, 7);
  const facts = { cutOff: true, recovered: true, answer: { received: body, encoding: 'zstd' } as const };
  await journalOf().put(batchOf(1, facts), never);
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(body));
  expect(received[0]).toMatchObject({
    body,
    headers: {
      'x-amz-checksum-crc32': checksum.toString('base64'),
      'x-amz-meta-collected-at': String(start + 1),
      'x-amz-meta-stream': 'relay-cis',
      'x-amz-meta-encoding': 'zstd',
      'x-amz-meta-cut-off': 'true',
      'x-amz-meta-recovered': 'true',
    },
  });
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
