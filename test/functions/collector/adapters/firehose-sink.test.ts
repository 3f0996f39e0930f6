import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FirehoseClient } from '@aws-sdk/client-firehose';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createFirehoseSink } from '../../../../functions/collector/adapters/firehose-sink.ts';
import type { Sink } from '../../../../functions/collector/protocol/ports/sink.ts';

/**
 * A stand-in for Firehose's PutRecordBatch on the wire, for answers that a delivery stream would never give.
 * @see https://docs.aws.amazon.com/firehose/latest/APIReference/API_PutRecordBatch.html
 */
interface Answer {
  readonly status: number;
  readonly body: object;
}

const never = new AbortController().signal;
let server: Server;
let sink: Sink;
let answer: (records: readonly string[]) => Answer;
const requests: { readonly target: string; readonly body: unknown }[] = [];

beforeAll(async () => {
  server = createServer(async (request, response) => {
    const body = JSON.parse(await textOf(request)) as { Records: { Data: string }[] };
    requests.push({ target: String(request.headers['x-amz-target']), body });
    const { status, body: answered } = answer(body.Records.map(({ Data }) => Data));
    response
      .writeHead(status, { 'content-type': 'application/x-amz-json-1.1' })
      .end(JSON.stringify(answered));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const client = new FirehoseClient({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' },
    maxAttempts: 1,
  });
  sink = createFirehoseSink({ client, deliveryStreamName: 'relay-cis-s3' });
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  requests.length = 0;
});

test('records go as base64 of their bytes, in one call', async () => {
  answer = (records) => ({ status: 200, body: accepted(records.length) });
  await sink.put([Buffer.from('{"é":1}\n'), new Uint8Array([0, 255])], never);
  expect(requests).toEqual([
    {
      target: 'Firehose_20150804.PutRecordBatch',
      body: {
        DeliveryStreamName: 'relay-cis-s3',
        Records: [{ Data: Buffer.from('{"é":1}\n').toString('base64') }, { Data: 'AP8=' }],
      },
    },
  ]);
});

test('a record within a larger buffer goes as its own bytes alone', async () => {
  answer = (records) => ({ status: 200, body: accepted(records.length) });
  await sink.put([Buffer.from('before{"n":1}after').subarray(6, 13)], never);
  expect(requests).toMatchObject([
    { body: { Records: [{ Data: Buffer.from('{"n":1}').toString('base64') }] } },
  ]);
});

test.each([
  ['fewer answers than records', { FailedPutCount: 0, RequestResponses: [{ RecordId: 'a' }] }],
  ['no answers', { FailedPutCount: 0 }],
  ['an answer that says neither', { FailedPutCount: 0, RequestResponses: [{ RecordId: 'a' }, {}] }],
])('%s is no acceptance', async (_, body) => {
  answer = () => ({ status: 200, body });
  const put = sink.put([Buffer.from('a'), Buffer.from('b')], never);
  await expect(put).rejects.toMatchObject({ code: 'SinkRefused', throttled: false });
});

test.each([
  ['ServiceUnavailableException', 503, true],
  ['LimitExceededException', 400, true],
  ['ThrottlingException', 400, true],
  ['ResourceNotFoundException', 400, false],
  ['InvalidKMSResourceException', 400, false],
  ['AccessDeniedException', 400, false],
  ['InternalFailure', 500, false],
])('%s is a refusal that says whether to ask later', async (name, status, throttled) => {
  answer = () => ({ status, body: { __type: name, message: 'no' } });
  const put = sink.put([Buffer.from('{"secret":"of the event"}')], never);
  await expect(put).rejects.toMatchObject({ code: 'SinkRefused', throttled, facts: { error: name } });
  await expect(put).rejects.not.toMatchObject({ message: expect.stringContaining('secret') });
});

function accepted(records: number): object {
  return {
    FailedPutCount: 0,
    RequestResponses: Array.from({ length: records }, (_, i) => ({ RecordId: `${i}` })),
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
