import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { collect } from '../../../functions/mosaic/collect-call.ts';
import {
  collectRequest,
  openTestMosaic,
  startScripted,
  status,
  token,
  verifyStream,
} from './scripted-server.ts';

/** A pull URL on a server of its own, so that the token comes from one that works. */
async function collectAt(url: string, request: Parameters<typeof collectRequest>[0] = {}) {
  const tokens = await startScripted({});
  const mosaic = openTestMosaic(tokens.url);
  return collect(mosaic, { pullUrl: `${url}/collect` }, collectRequest(request));
}

/** A TCP server: `onRequest` gets the socket once the whole request has arrived. */
async function startRaw(onRequest: (socket: Socket, count: number) => void): Promise<string> {
  let count = 0;
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('data', (data) => {
      if (data.toString().endsWith('{}')) onRequest(socket, ++count);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const whole = 'HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n[]';

test('a refused connection sent nothing', async () => {
  const outcome = await collectAt(`http://127.0.0.1:${await closedPort()}`);
  expect(outcome).toMatchObject({ kind: 'nothing-consumed', reason: 'not-sent' });
});

test('a host without an address sent nothing', async () => {
  const outcome = await collectAt('http://no-such-host.invalid');
  expect(outcome).toMatchObject({ kind: 'nothing-consumed', reason: 'not-sent' });
});

test('a TLS handshake that fails sent nothing, not even the bearer', async () => {
  const received: Buffer[] = [];
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', (data) => {
      received.push(data);
      socket.end('no TLS here\r\n');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const outcome = await collectAt(`https://127.0.0.1:${(server.address() as AddressInfo).port}`);
  expect(outcome).toMatchObject({ kind: 'nothing-consumed', reason: 'not-sent' });
  expect(Buffer.concat(received).toString('latin1')).not.toContain('Bearer');
});

test('a handshake that never ends sent nothing when time is up', async () => {
  const server = createServer((socket) => void socket.on('error', () => {}).resume());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  expect(await collectAt(url, { timeoutMs: 200 })).toMatchObject({
    kind: 'nothing-consumed',
    reason: 'not-sent',
    message: expect.stringMatching(/no answer within \d+ ms/),
  });
});

test('a reset after the request arrived may have consumed a batch', async () => {
  const url = await startRaw((socket) => socket.resetAndDestroy());
  expect(await collectAt(url)).toMatchObject({ kind: 'unknown', reason: 'reset' });
});

test('a connection closed without an answer may have consumed a batch', async () => {
  const url = await startRaw((socket) => void socket.end());
  expect(await collectAt(url)).toMatchObject({ kind: 'unknown', reason: 'reset' });
});

test('silence until time is up may have consumed a batch', async () => {
  const url = await startRaw(() => {});
  expect(await collectAt(url, { timeoutMs: 200 })).toMatchObject({ kind: 'unknown', reason: 'timeout' });
});

test('a caller that gives up after sending leaves it unknown', async () => {
  const leaving = new AbortController();
  const url = await startRaw(() => leaving.abort());
  const tokens = await startScripted({});
  const request = { ...collectRequest(), signal: leaving.signal };
  const outcome = await collect(openTestMosaic(tokens.url), { pullUrl: `${url}/collect` }, request);
  expect(outcome).toMatchObject({ kind: 'unknown', reason: 'timeout' });
});

test('a caller that has given up before sends nothing', async () => {
  const server = await startScripted({ collect: status(201, '[]') });
  const request = { ...collectRequest(), signal: AbortSignal.abort() };
  const outcome = await collect(openTestMosaic(server.url), verifyStream, request);
  expect(outcome).toMatchObject({ kind: 'nothing-consumed', reason: 'not-sent' });
  expect(server.seen).toHaveLength(0);
});

test('closing the API ends a call under way as unknown', async () => {
  const tokens = await startScripted({});
  const mosaic = openTestMosaic(tokens.url);
  const url = await startRaw(() => mosaic.close());
  const outcome = await collect(mosaic, { pullUrl: `${url}/collect` }, collectRequest());
  expect(outcome).toMatchObject({ kind: 'unknown', reason: 'reset' });
});

test.each([
  ['content-length', '9 %', 'HTTP/1.1 201 Created\r\nContent-Length: 100\r\n\r\n[{"a":1},'],
  [
    'chunks',
    'an unknown share',
    'HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n[{"a":1},\r\n',
  ],
])('a body cut off by its %s is unknown, with what arrived', async (_, share, bytes) => {
  const url = await startRaw((socket) => void socket.end(bytes));
  expect(await collectAt(url)).toMatchObject({
    kind: 'unknown',
    reason: 'cut-off',
    status: 201,
    partial: { encoding: 'identity', received: Buffer.from('[{"a":1},') },
    message: `collect answered 201, and the connection ended after 9 bytes, ${share} of the body`,
  });
});

test('a body that stops until time is up is unknown, with what arrived', async () => {
  const url = await startRaw(
    (socket) => void socket.write('HTTP/1.1 201 Created\r\nContent-Length: 100\r\n\r\n[{'),
  );
  expect(await collectAt(url, { timeoutMs: 300 })).toMatchObject({
    kind: 'unknown',
    reason: 'timeout',
    partial: { received: Buffer.from('[{') },
  });
});

test('a body without a length ends with the connection', async () => {
  const url = await startRaw((socket) => void socket.end('HTTP/1.1 201 Created\r\n\r\n[1]'));
  expect(await collectAt(url)).toMatchObject({ kind: 'answer', answer: { received: Buffer.from('[1]') } });
});

test.each([
  [
    'more header than Node reads',
    `HTTP/1.1 201 Created\r\n${'x-flood: abcdefghijklmnop\r\n'.repeat(2000)}\r\n[]`,
  ],
  ['something that is no HTTP', 'SSH-2.0-OpenSSH_9\r\n\r\n'],
  ['a change of protocol', 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n'],
])('%s is unknown', async (_, bytes) => {
  const url = await startRaw((socket) => void socket.end(bytes));
  expect(await collectAt(url)).toMatchObject({ kind: 'unknown', reason: 'reset' });
});

test('a content-encoding after two thousand other headers is still seen', async () => {
  const flood = 'a:\r\n'.repeat(2500);
  const url = await startRaw(
    (socket) =>
      void socket.end(`HTTP/1.1 201 Created\r\n${flood}Content-Encoding: gzip\r\nContent-Length: 1\r\n\r\nx`),
  );
  expect(await collectAt(url)).toMatchObject({ kind: 'answer', answer: { encoding: 'gzip' } });
});

test('a reused connection that the server has closed is replaced, and nothing was sent on it', async () => {
  const first: Socket[] = [];
  const url = await startRaw((socket) => {
    first.push(socket);
    socket.write(whole);
  });
  const tokens = await startScripted({});
  const mosaic = openTestMosaic(tokens.url);
  const address = { pullUrl: `${url}/collect` };
  await collect(mosaic, address, collectRequest());
  // Its FIN is on the way, and this process has not polled for it yet.
  await new Promise<void>((resolve) => first[0]?.end(() => resolve()));
  const second = await collect(mosaic, address, collectRequest());
  expect(second.kind).toBe('answer');
  expect(first[1]).not.toBe(first[0]);
  expect(first).toHaveLength(2);
});

test('a reused connection that resets after the request arrived is unknown and not tried again', async () => {
  let requests = 0;
  const url = await startRaw((socket, count) => {
    requests = count;
    if (count === 1) socket.write(whole);
    else socket.resetAndDestroy();
  });
  const tokens = await startScripted({});
  const mosaic = openTestMosaic(tokens.url);
  const address = { pullUrl: `${url}/collect` };
  await collect(mosaic, address, collectRequest());
  expect(await collect(mosaic, address, collectRequest())).toMatchObject({
    kind: 'unknown',
    reason: 'reset',
  });
  expect(requests).toBe(2);
});

test('a token of 64 KB is not sent, and says why', async () => {
  const server = await startScripted({ token: token('t'.repeat(65_536)), collect: status(201, '[]') });
  const outcome = await collect(openTestMosaic(server.url), verifyStream, collectRequest());
  expect(outcome).toMatchObject({
    kind: 'nothing-consumed',
    reason: 'not-sent',
    message: 'no token: the token endpoint answered 200, but a token of 65536 characters fits no header',
  });
  expect(server.seenOf('collect')).toHaveLength(0);
});
