import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { collect } from '../../functions/mosaic/collect-call.ts';
import { networkFailure, shownFailure } from '../../functions/shown-failure.ts';
import { makeCertificate } from '../../lab/bench/tls-certificate.ts';
import { collectRequest, openTestMosaic, startScripted } from './mosaic/scripted-server.ts';
import { plants } from './planted.ts';
import { expectNothingOf } from './planting-answers.ts';

describe('what the network did is told by its code', () => {
  const error = (members: object, message = 'Wilhelmina') => Object.assign(new Error(message), members);

  test.each([
    [
      error({ code: 'ECONNREFUSED', syscall: 'connect', address: '127.0.0.1', port: 9 }),
      'connect ECONNREFUSED 127.0.0.1:9',
    ],
    [
      error({ code: 'ENOTFOUND', syscall: 'getaddrinfo', hostname: 'api.example' }),
      'getaddrinfo ENOTFOUND api.example',
    ],
    [error({ code: 'ECONNRESET' }, 'socket hang up'), 'ECONNRESET'],
    [
      error({ code: 'HPE_INVALID_CONSTANT', rawPacket: 'Wilhelmina' }),
      'the answer is not HTTP (HPE_INVALID_CONSTANT)',
    ],
    [error({ code: 'CERT_HAS_EXPIRED' }), "the server's certificate has expired (CERT_HAS_EXPIRED)"],
    [
      error({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }),
      "the server's certificate is not trusted (DEPTH_ZERO_SELF_SIGNED_CERT)",
    ],
    [error({ code: 'EPROTO', syscall: 'write' }), 'the TLS handshake failed (EPROTO)'],
    [new TypeError('fetch failed', { cause: error({ code: 'UND_ERR_SOCKET' }) }), 'UND_ERR_SOCKET'],
    [new AggregateError([error({ code: 'ETIMEDOUT', syscall: 'connect' })]), 'connect ETIMEDOUT'],
    [error({ name: 'TimeoutError' }), 'no answer in time'],
    [error({ code: 'Wilhelmina' }), 'Error'],
    [error({ name: 'Wilhelmina Oyelaran' }), 'an error'],
    ['Wilhelmina', 'an error'],
  ])('%s', (failure, told) => {
    expect(networkFailure(failure)).toBe(told);
  });

  test('the names in a certificate are left out', async () => {
    const { key, certificate } = makeCertificate(new Date());
    const server = createServer({ key, cert: certificate });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.2', resolve));
    onTestFinished(() => void server.close());
    const tokens = await startScripted({});
    const mosaic = openTestMosaic(tokens.url);
    Object.assign(mosaic.agents.https.options, { ca: certificate });
    const pullUrl = `https://127.0.0.2:${(server.address() as AddressInfo).port}/collect`;

    expect(await collect(mosaic, { pullUrl }, collectRequest())).toEqual({
      kind: 'nothing-consumed',
      reason: 'not-sent',
      message:
        "collect was not sent: the server's certificate is for another host (ERR_TLS_CERT_ALTNAME_INVALID)",
    });
  });
});

describe('an error that nobody foresaw', () => {
  test('of an AWS service is told in its own words', () => {
    const error = Object.assign(new Error('User: role/x is not authorized\n to perform: dynamodb:PutItem'), {
      name: 'AccessDeniedException',
      $fault: 'client',
    });
    expect(shownFailure(error)).toBe(
      'AccessDeniedException: User: role/x is not authorized to perform: dynamodb:PutItem',
    );
  });

  test('is told in its own words if they are listed, else by its length, and by its place', () => {
    expect(shownFailure(new RangeError('Invalid array length'))).toMatch(
      /^RangeError: Invalid array length, at .*shown-failure\.test\.ts:\d+:\d+/,
    );
    expect(shownFailure(new Error('the stream of Wilhelmina'))).toMatch(
      /^Error: a message of 24 characters, at .*shown-failure\.test\.ts:\d+:\d+/,
    );
  });

  test('of the network is told by its code', () => {
    const error = Object.assign(new Error('Wilhelmina'), { code: 'ECONNRESET', syscall: 'read' });
    expect(shownFailure(error)).toMatch(/^Error: read ECONNRESET, at /);
  });

  test.each([
    ['a parser', (text: string) => JSON.parse(text)],
    ['V8', (text: string) => Object.assign(text, { length: 1 })],
    ['Node', (text: string) => Buffer.alloc(text as never)],
    ['a frame that is none', (text: string) => raise(`x\n    at ${text} (${text}.ts:1:1)`)],
    ['a name', (text: string) => raise('x', { name: text })],
    ['a code', (text: string) => raise('x', { code: text })],
    ['what is no error', (text: string) => throwText(text)],
  ])('is told without what %s quotes', (_, work) => {
    for (const plant of plants) {
      const text = `"${plant.text}`;
      try {
        work(text);
        throw new Error('it should have thrown');
      } catch (error) {
        expectNothingOf(plant, text, shownFailure(error));
      }
    }
  });
});

function raise(message: string, members: object = {}): never {
  throw Object.assign(new Error(message), members);
}

function throwText(text: string): never {
  throw text;
}
