import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { responseBody, sendResponse } from '../../../functions/stream-lifecycle/response.ts';
import { lifecycleRequest } from './memory-mosaic.ts';

interface Put {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

let server: Server;
let puts: Put[];
let statuses: number[];
let url: string;

beforeEach(async () => {
  puts = [];
  statuses = [];
  server = createServer(async (request, response) => {
    puts.push({
      method: request.method,
      url: request.url,
      headers: request.headers,
      body: await text(request),
    });
    response.writeHead(statuses.shift() ?? 200).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/answer?signature=s%2Fe`;
});

afterEach(() => {
  server.close();
});

const waits: number[] = [];
const sleep = async (ms: number) => {
  waits.push(ms);
};
const request = () => ({ ...lifecycleRequest('Create'), ResponseURL: url });

test('success is put to the very URL, with nothing that was not signed', async () => {
  await sendResponse(request(), { kind: 'done', data: { Outcome: 'created' } }, sleep);
  const [put] = puts;
  expect(put).toMatchObject({ method: 'PUT', url: '/answer?signature=s%2Fe' });
  expect(put?.headers['content-type']).toBe('');
  expect(JSON.parse(put?.body ?? '')).toEqual({
    Status: 'SUCCESS',
    Data: { Outcome: 'created' },
    PhysicalResourceId: 'mosaic-relay-test/cis',
    StackId: request().StackId,
    RequestId: 'request-1',
    LogicalResourceId: 'StreamscisMosaicStream',
  });
});

test('failure carries its reason, and stays within what CloudFormation takes', () => {
  const body = responseBody(request(), { kind: 'failed', reason: '€'.repeat(5_000) });
  expect(JSON.parse(body)).toMatchObject({ Status: 'FAILED', PhysicalResourceId: 'mosaic-relay-test/cis' });
  expect(Buffer.byteLength(body)).toBeLessThanOrEqual(4_096);
});

test('a busy CloudFormation is told again', async () => {
  statuses = [503, 500];
  await sendResponse(request(), { kind: 'done', data: {} }, sleep);
  expect(puts).toHaveLength(3);
});

test('one that never listens fails the invocation, without repeating the signature', async () => {
  statuses = [403, 403, 403, 403];
  const failure = sendResponse(request(), { kind: 'done', data: {} }, sleep);
  await expect(failure).rejects.toMatchObject({
    code: 'AnswerRefused',
    message: expect.not.stringContaining('signature'),
  });
});
