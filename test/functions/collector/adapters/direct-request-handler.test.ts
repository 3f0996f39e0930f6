import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { directRequestHandler } from '../../../../functions/collector/adapters/direct-request-handler.ts';
import { makeCertificate } from '../../../../lab/bench/tls-certificate.ts';

const open: { close(): unknown }[] = [];
afterEach(() => {
  for (const each of open.splice(0)) each.close();
});

const tls = makeCertificate(new Date());

async function serve(
  protocol: 'http:' | 'https:',
  answer: (request: IncomingMessage, response: ServerResponse, body: Buffer) => void,
) {
  let connections = 0;
  const listener = async (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    answer(request, response, Buffer.concat(chunks));
  };
  const server: Server =
    protocol === 'http:'
      ? createServer(listener)
      : createTlsServer({ key: tls.key, cert: tls.certificate }, listener);
  server.on('connection', () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push(server);
  const { port } = server.address() as AddressInfo;
  return {
    request: (method: string, body?: Uint8Array) => ({
      protocol,
      hostname: '127.0.0.1',
      port,
      method,
      path: '/a%20path',
      query: { b: "it's (two)", a: ['1', '2'], none: null },
      headers: (body === undefined ? {} : { 'content-length': String(body.length) }) as Record<
        string,
        string
      >,
      body,
    }),
    connections: () => connections,
  };
}

function handler(answerWithinMs = 10_000) {
  const created = directRequestHandler(answerWithinMs, { ca: tls.certificate });
  open.push({ close: () => created.destroy() });
  return created;
}

test.each(['http:', 'https:'] as const)(
  'over %s small and large bodies arrive whole, on one connection',
  async (protocol) => {
    const server = await serve(protocol, (request, response, body) => {
      response.end(`${request.url} ${body.length} ${body.every((byte) => byte === 7)}`);
    });
    const direct = handler();
    for (const size of [0, 10, 64 * 1024, 3_000_000, 500_000]) {
      const body = new Uint8Array(size).fill(7);
      const { response } = await direct.handle(server.request('PUT', body));

      expect(response.statusCode).toBe(200);
      expect(Buffer.from(response.body as Uint8Array).toString()).toBe(
        `/a%20path?a=1&a=2&b=it%27s%20%28two%29&none ${size} true`,
      );
    }
    expect(server.connections()).toBe(1);
  },
);

test('what is aborted after its answer came costs no connection', async () => {
  const server = await serve('https:', (_, response) => response.end('ok'));
  const direct = handler();
  for (let call = 0; call < 5; call++) {
    const over = new AbortController();
    await direct.handle(server.request('PUT', new Uint8Array(200_000)), { abortSignal: over.signal });
    over.abort();
  }

  expect(server.connections()).toBe(1);
});

test('an abort ends a call that hangs, with its reason', async () => {
  const over = new AbortController();
  const server = await serve('http:', () => over.abort());

  const call = handler().handle(server.request('PUT', new Uint8Array(10)), { abortSignal: over.signal });

  await expect(call).rejects.toMatchObject({ name: 'AbortError' });
});

test('a call that nobody answers ends as a TimeoutError, which the clients try again', async () => {
  const server = await serve('http:', () => {});

  const call = handler(30).handle(server.request('PUT', new Uint8Array(10)));

  await expect(call).rejects.toMatchObject({ name: 'TimeoutError' });
});

test('a refused connection is told by its code', async () => {
  const call = handler().handle({
    protocol: 'http:',
    hostname: '127.0.0.1',
    port: 1,
    method: 'PUT',
    path: '/',
    headers: {},
  });

  await expect(call).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

test('an answer to GET is a stream, since it may be a whole object', async () => {
  const server = await serve('http:', (_, response) => response.end('an object'));

  const { response } = await handler().handle(server.request('GET'));

  let text = '';
  for await (const chunk of response.body as IncomingMessage) text += chunk;
  expect(text).toBe('an object');
});
