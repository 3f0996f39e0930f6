import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { Answer } from '../../../functions/answer.ts';
import { collect } from '../../../functions/mosaic/collect-call.ts';
import {
  collectRequest,
  openTestMosaic,
  type Script,
  startScripted,
  status,
  verifyStream,
} from './scripted-server.ts';

async function collectFrom(
  scripts: Script | readonly Script[],
  options: Parameters<typeof openTestMosaic>[1] = {},
) {
  const server = await startScripted({ collect: scripts });
  const mosaic = openTestMosaic(server.url, options);
  return { server, mosaic, outcome: await collect(mosaic, verifyStream, collectRequest()) };
}

describe('the request', () => {
  test('a named stream is posted to with type, stream id, batch size, bearer and an empty JSON object', async () => {
    const { server } = await collectFrom(status(201, '[]'));
    const [call] = server.seenOf('collect');
    expect(call).toMatchObject({
      method: 'POST',
      url: '/activities/v1/activities/collect?type=verify&stream_id=siem&batch_size=1000',
      body: '{}',
    });
    expect(call?.headers).toMatchObject({
      authorization: 'Bearer token-1',
      'accept-encoding': 'gzip',
      'content-type': 'application/json',
    });
  });

  test('a stream id is escaped in the query', async () => {
    const server = await startScripted({ collect: status(201, '[]') });
    await collect(openTestMosaic(server.url), { type: 'cis', streamId: 'a&b=ü' }, collectRequest());
    expect(server.seenOf('collect')[0]?.url).toContain('stream_id=a%26b%3D%C3%BC&');
  });

  test.each([
    ['a batch size above the one asked for is lowered to it', '&batch_size=77', '&batch_size=10'],
    ['a smaller one stays', '&batch_size=7', '&batch_size=7'],
    ['one that carries none stays as it is', '', ''],
  ])('of a pull URL, %s', async (_, written, posted) => {
    const server = await startScripted({ collect: status(201, '[]') });
    const path = '/activities/v2/whatever/collect?type=cis&stream_id=s';
    await collect(
      openTestMosaic(server.url),
      { pullUrl: server.url + path + written },
      collectRequest({ batchSize: 10 }),
    );
    expect(server.seenOf('collect')[0]?.url).toBe(path + posted);
  });

  test('calls of one run share a connection, and the next run has its own', async () => {
    const server = await startScripted({ collect: status(201, '[]') });
    const first = openTestMosaic(server.url);
    await collect(first, verifyStream, collectRequest());
    await collect(first, verifyStream, collectRequest());
    first.close();
    await collect(openTestMosaic(server.url), verifyStream, collectRequest());
    const sockets = server.seenOf('collect').map((call) => call.socket);
    expect(sockets[1]).toBe(sockets[0]);
    expect(sockets[2]).not.toBe(sockets[0]);
  });
});

describe('a 2xx answer', () => {
  test.each([200, 201, 202, 206])('%i is the batch, byte for byte', async (code) => {
    const body = '[{"a":9007199254740993, "a":1.0,"\\u0061":"\u2028ü"}]\n';
    const { outcome } = await collectFrom(status(code, body));
    expect(outcome).toMatchObject({ kind: 'answer', answer: { encoding: 'identity' } });
    expect(Buffer.from(outcome.kind === 'answer' ? outcome.answer.received : []).toString()).toBe(body);
  });

  test('compressed bytes stay compressed', async () => {
    const body = gzipSync('[{"a":1}]');
    const { outcome } = await collectFrom((response) => {
      response.writeHead(201, { 'content-encoding': 'gzip' }).end(body);
    });
    expect(outcome).toMatchObject({ kind: 'answer', answer: { encoding: 'gzip', received: body } });
  });

  test('an encoding that was not asked for is kept as received', async () => {
    const { outcome } = await collectFrom(status(201, 'odd', { 'content-encoding': 'br' }));
    const answer = { encoding: 'identity', received: Buffer.from('odd') };
    expect(outcome).toMatchObject({ kind: 'answer', answer });
  });

  test.each([
    [200, {}],
    [201, { 'content-encoding': 'gzip' }],
    [204, {}],
  ])('%i without a byte is an empty array', async (code, headers) => {
    const { outcome } = await collectFrom(status(code, '', headers));
    expect(outcome).toMatchObject({ kind: 'answer', answer: { encoding: 'identity' } });
    expect(Buffer.from(outcome.kind === 'answer' ? outcome.answer.received : []).toString()).toBe('[]');
  });

  test('a chunked body grows the buffer as far as needed', async () => {
    const body = Buffer.alloc(900_000, 'x');
    const { outcome } = await collectFrom((response) => {
      for (let start = 0; start < body.length; start += 90_000)
        response.write(body.subarray(start, start + 90_000));
      response.end();
    });
    expect(outcome).toMatchObject({ kind: 'answer', answer: { encoding: 'identity', received: body } });
  });

  test('memory that is given back holds the next answer, and until then none', async () => {
    const answers = ['a', 'b', 'c'].map((letter) => Buffer.alloc(600_000, letter));
    const server = await startScripted({ collect: answers.map((body) => status(201, body.toString())) });
    const mosaic = openTestMosaic(server.url);
    const next = async () => {
      const outcome = await collect(mosaic, verifyStream, collectRequest());
      if (outcome.kind !== 'answer') throw new Error(outcome.kind);
      return outcome;
    };
    const memoryOf = ({ answer }: { readonly answer: Answer }) => answer.received.buffer;

    const first = await next();
    const second = await next();
    expect(memoryOf(second)).not.toBe(memoryOf(first));
    expect(Buffer.from(first.answer.received).equals(answers[0]!)).toBe(true);
    first.release!();
    expect(memoryOf(await next())).toBe(memoryOf(first));
    expect(Buffer.from(second.answer.received).equals(answers[1]!)).toBe(true);
  });

  test('a body of exactly the cap is whole', async () => {
    const { outcome } = await collectFrom(status(201, 'x'.repeat(1000)), { wireCapBytes: 1000 });
    expect(outcome.kind).toBe('answer');
  });

  test.each([
    ['declared', (response) => response.end('x'.repeat(1001))],
    [
      'chunked',
      (response) => {
        response.write('x'.repeat(600));
        response.end('x'.repeat(401));
      },
    ],
  ] satisfies [string, Script][])(
    'one byte above the cap, %s, is given up with its socket',
    async (_, script) => {
      const server = await startScripted({ collect: [script, status(201, '[]')] });
      const mosaic = openTestMosaic(server.url, { wireCapBytes: 1000 });
      const outcome = await collect(mosaic, verifyStream, collectRequest());
      expect(outcome).toMatchObject({ kind: 'unknown', reason: 'above-wire-cap', status: 200 });
      expect(outcome).not.toHaveProperty('partial');
      expect((await collect(mosaic, verifyStream, collectRequest())).kind).toBe('answer');
      const [first, second] = server.seenOf('collect');
      expect(second?.socket).not.toBe(first?.socket);
    },
  );

  test('above the cap nothing is read when content-length says so', async () => {
    const { outcome } = await collectFrom(
      (response) => {
        response.writeHead(201, { 'content-length': '5000' }).flushHeaders();
      },
      { wireCapBytes: 1000 },
    );
    expect(outcome).toMatchObject({ kind: 'unknown', reason: 'above-wire-cap' });
  });
});

describe('every other status is one outcome', () => {
  test.each([
    [301, 'request-refused'],
    [302, 'request-refused'],
    [307, 'request-refused'],
    [308, 'request-refused'],
    [400, 'request-refused'],
    [403, 'not-started'],
    [404, 'stream-missing'],
    [405, 'request-refused'],
    [406, 'request-refused'],
    [413, 'request-refused'],
    [431, 'request-refused'],
  ])('%i consumed nothing: %s', async (code, reason) => {
    const { outcome } = await collectFrom(status(code, 'stream  not\nfound'));
    expect(outcome).toMatchObject({
      kind: 'nothing-consumed',
      reason,
      status: code,
      message: `collect answered ${code}: Stream not found`,
    });
  });

  test.each([500, 501, 502, 503, 504, 520, 599])('%i may have consumed a batch', async (code) => {
    const { outcome } = await collectFrom(status(code, '<html>edge</html>'));
    expect(outcome).toMatchObject({ kind: 'unknown', reason: 'server-error', status: code });
  });

  test.each([300, 303, 304, 600, 999])('%i is unexpected, and may have consumed a batch', async (code) => {
    const { outcome } = await collectFrom(status(code));
    expect(outcome).toMatchObject({ kind: 'unknown', reason: 'unexpected-status', status: code });
  });

  test('410 says that the version is gone', async () => {
    const { outcome } = await collectFrom(
      status(410, '{"message":"This endpoint has been removed. Please update your integration."}'),
    );
    expect(outcome).toEqual({
      kind: 'retired',
      message:
        'collect answered 410: This endpoint has been removed. Please update your integration. ' +
        'This version of the API is gone: set the version or the URL that Mosaic names now.',
    });
  });

  test.each([
    [{ 'retry-after': '7' }, 7000],
    [{ 'retry-after': 'Tue, 14 Nov 2023 22:13:50 GMT' }, 30_000],
    [{ 'retry-after': 'Tue, 14 Nov 2023 22:00:00 GMT' }, 0],
    [{ 'retry-after': '4111111111111111' }, 86_400_000],
    [{ 'retry-after': 'soon' }, undefined],
    [{ 'retry-after': '-5' }, undefined],
    [{}, undefined],
  ])('429 with %j waits %s ms', async (headers, retryAfterMs) => {
    const { outcome } = await collectFrom(status(429, '', headers as Record<string, string>));
    expect(outcome).toMatchObject({
      kind: 'nothing-consumed',
      reason: 'throttled',
      status: 429,
      retryAfterMs,
    });
  });

  test('an error decides by its status even when its body never ends', async () => {
    const { outcome } = await collectFrom((response) => {
      response.writeHead(404, { 'content-length': '5000' }).write('Stream not found.');
      setImmediate(() => response.destroy());
    });
    expect(outcome).toMatchObject({ kind: 'nothing-consumed', reason: 'stream-missing' });
  });

  test('of an error of many megabytes the length of what was read is told', async () => {
    const { outcome } = await collectFrom(status(400, 'é'.repeat(5_000_000)));
    expect(outcome).toMatchObject({
      reason: 'request-refused',
      message: 'collect answered 400 with a text of at least 4096 bytes',
    });
  });

  test('a compressed error is told like any other', async () => {
    const { outcome } = await collectFrom((response) => {
      response
        .writeHead(429, { 'content-encoding': 'gzip' })
        .end(gzipSync('{"message":"Too many requests.","statusCode":429}'));
    });
    expect(outcome).toMatchObject({
      message: 'collect answered 429: Too many requests (statusCode 429)',
    });
  });
});
