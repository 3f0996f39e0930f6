import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { signedCall } from '../../../cli/access/signed-call.ts';
import { signatureProblem } from '../../../lab/bench/servers/signature-problem.ts';
import { world } from '../../../lab/bench/world.ts';

/** What AWS would have said to each request's signature. */
const problems: (string | undefined)[] = [];
const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    problems.push(signatureProblem(request, Buffer.concat(chunks)));
    response.end('taken');
  });
});
beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
afterAll(() => {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(resolve));
});

const call = {
  service: 'kms',
  region: 'us-east-1',
  host: 'kms.us-east-1.amazonaws.com',
  headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'TrentService.DescribeKey' },
  body: '{"KeyId":"é"}',
};
const { accessKeyId, secretAccessKey, sessionToken } = world;
const endpoint = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

test('a call is signed as AWS verifies it, body and headers included', async () => {
  const connection = {
    region: 'us-east-1',
    endpoint: endpoint(),
    credentials: { accessKeyId, secretAccessKey, sessionToken },
  };

  expect(await signedCall(call, connection)).toEqual({ status: 200, text: 'taken' });
  const stolen = { ...connection, credentials: { ...connection.credentials, secretAccessKey: 'another' } };
  await signedCall(call, stolen);

  expect(problems).toEqual([undefined, 'the signature does not match']);
});

test('a failure of the network is an answer, too', async () => {
  const credentials = { accessKeyId, secretAccessKey };
  const answer = await signedCall(call, { region: 'us-east-1', endpoint: 'http://127.0.0.1:9', credentials });

  expect(answer).toMatchObject({ status: 0, text: expect.stringMatching(/\w/) });
});
