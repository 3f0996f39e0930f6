import { expect, test } from 'vitest';
import { collect } from '../../../functions/mosaic/collect-call.ts';
import type { Credentials } from '../../../functions/mosaic/credentials.ts';
import { obtainToken } from '../../../functions/mosaic/token.ts';
import { createTokenCache } from '../../../functions/mosaic/token-cache.ts';
import {
  collectRequest,
  credentials,
  openTestMosaic,
  type Script,
  startScripted,
  status,
  token,
  verifyStream,
} from './scripted-server.ts';

/** Answers 401 unless the bearer is one of `good`. */
const onlyWith =
  (...good: readonly string[]): Script =>
  (response, { headers }) => {
    const known = good.some((value) => headers.authorization === `Bearer ${value}`);
    response.writeHead(known ? 201 : 401).end(known ? '[]' : 'Unauthorized');
  };

test('the token is asked for by client credentials in a form', async () => {
  const server = await startScripted({ collect: status(201, '[]') });
  await collect(openTestMosaic(server.url), verifyStream, collectRequest());
  const [call] = server.seenOf('token');
  expect(call).toMatchObject({ method: 'POST', url: '/oidc/token' });
  expect(call?.headers['content-type']).toBe('application/x-www-form-urlencoded');
  expect(Object.fromEntries(new URLSearchParams(call?.body))).toEqual({
    grant_type: 'client_credentials',
    client_id: credentials.clientId,
    client_secret: credentials.clientSecret,
  });
});

test('a resource is sent when one is set', async () => {
  const server = await startScripted({ collect: status(201, '[]') });
  const mosaic = openTestMosaic(server.url, { resource: 'https://verify.identity.security' });
  await collect(mosaic, verifyStream, collectRequest());
  expect(new URLSearchParams(server.seenOf('token')[0]?.body).get('resource')).toBe(
    'https://verify.identity.security',
  );
});

test('a token outlives the run that asked for it', async () => {
  const server = await startScripted({ collect: status(201, '[]') });
  const tokens = createTokenCache();
  for (let run = 0; run < 3; run += 1) {
    const mosaic = openTestMosaic(server.url, { tokens });
    await collect(mosaic, verifyStream, collectRequest());
    mosaic.close();
  }
  expect(server.seenOf('token')).toHaveLength(1);
});

test.each([
  [3600, 3300],
  [600, 300],
  [400, 200],
  [60, 30],
  ['3600', 3300],
  [undefined, 300],
  [-1, 300],
])('a token of %s s is renewed after %i s', async (lifetime, renewedAfter) => {
  const server = await startScripted({ token: token('t', { expires_in: lifetime }) });
  let now = 1_000_000;
  const mosaic = openTestMosaic(server.url, { now: () => now });
  await obtainToken(mosaic, { timeoutMs: 20_000 });
  now += renewedAfter * 1000 - 1;
  await obtainToken(mosaic, { timeoutMs: 20_000 });
  expect(server.seenOf('token')).toHaveLength(1);
  now += 1;
  await obtainToken(mosaic, { timeoutMs: 20_000 });
  expect(server.seenOf('token')).toHaveLength(2);
});

test('a token of one host is not sent to another', async () => {
  const [one, other] = [await startScripted({}), await startScripted({})];
  const tokens = createTokenCache();
  await obtainToken(openTestMosaic(one.url, { tokens }), { timeoutMs: 20_000 });
  await obtainToken(openTestMosaic(other.url, { tokens }), { timeoutMs: 20_000 });
  expect(other.seenOf('token')).toHaveLength(1);
});

test('after 401 the secret is read again, and the rotated one gets the batch', async () => {
  const server = await startScripted({
    token: (response, call) => {
      const rotated = new URLSearchParams(call.body).get('client_secret') === 'second';
      token(rotated ? 'new' : 'old')(response, call);
    },
    collect: onlyWith('new'),
  });
  const mosaic = openTestMosaic(server.url, { readCredentials: rotating(credentials, 'second') });
  const outcome = await collect(mosaic, verifyStream, collectRequest());
  expect(outcome.kind).toBe('answer');
  expect(server.seenOf('collect')).toHaveLength(2);
});

test('a secret that the token endpoint refuses is read again once', async () => {
  const server = await startScripted({
    token: (response, call) => {
      const rotated = new URLSearchParams(call.body).get('client_secret') === 'second';
      (rotated ? token() : status(401))(response, call);
    },
    collect: status(201, '[]'),
  });
  const mosaic = openTestMosaic(server.url, { readCredentials: rotating(credentials, 'second') });
  expect((await collect(mosaic, verifyStream, collectRequest())).kind).toBe('answer');
  expect(server.seenOf('token')).toHaveLength(2);
});

test('401 twice is a refused credential, after exactly one renewal', async () => {
  const server = await startScripted({
    token: [token('a'), token('b')],
    collect: status(401, 'Unauthorized'),
  });
  const mosaic = openTestMosaic(server.url);
  expect(await collect(mosaic, verifyStream, collectRequest())).toEqual({
    kind: 'nothing-consumed',
    reason: 'credential-refused',
    status: 401,
    retryAfterMs: undefined,
    message: 'collect answered 401: Unauthorized',
  });
  expect(server.seenOf('collect').map((call) => call.headers.authorization)).toEqual([
    'Bearer a',
    'Bearer b',
  ]);
});

test('a token that was refused twice is not used by the next run', async () => {
  const server = await startScripted({
    token: [token('a'), token('b'), token('c')],
    collect: onlyWith('c'),
  });
  const tokens = createTokenCache();
  await collect(openTestMosaic(server.url, { tokens }), verifyStream, collectRequest());
  const next = await collect(openTestMosaic(server.url, { tokens }), verifyStream, collectRequest());
  expect(next.kind).toBe('answer');
  expect(server.seenOf('collect')).toHaveLength(3);
});

test.each([
  [400, 'credential-refused'],
  [401, 'credential-refused'],
  [403, 'credential-refused'],
  [429, 'throttled'],
  [500, 'not-sent'],
  [503, 'not-sent'],
  [302, 'not-sent'],
])('a token endpoint that answers %i consumed nothing: %s', async (code, reason) => {
  const body = '{"message":"Bad request","error_code":400}';
  const server = await startScripted({ token: status(code, body, { 'retry-after': '3' }) });
  expect(await collect(openTestMosaic(server.url), verifyStream, collectRequest())).toMatchObject({
    kind: 'nothing-consumed',
    reason,
    status: code,
    retryAfterMs: code === 429 ? 3000 : undefined,
    message: `the token endpoint answered ${code}: Bad request (error_code 400)`,
  });
});

test('no message repeats a secret that the token endpoint echoes', async () => {
  const server = await startScripted({
    token: (response, { body }) => {
      response.writeHead(400).end(`${body} ${JSON.stringify(credentials)}`);
    },
  });
  const outcome = await collect(openTestMosaic(server.url), verifyStream, collectRequest());
  expect(JSON.stringify(outcome)).not.toContain('secret/of');
  expect(JSON.stringify(outcome)).not.toContain('secret%2Fof');
  expect(JSON.stringify(outcome)).not.toMatch(/odd|signs/);
});

test.each([
  ['an HTML page', status(200, '<html>')],
  ['no access_token', status(200, '{}')],
  ['null', status(200, 'null')],
  ['a token with a line break', token('a\r\nx-injected: 1')],
  ['a number', status(200, '{"access_token":5}')],
  ['more than 256 KiB', status(200, ' '.repeat(300_000))],
])('%s in place of a token sends nothing', async (_, script) => {
  const server = await startScripted({ token: script, collect: status(201, '[]') });
  expect(await collect(openTestMosaic(server.url), verifyStream, collectRequest())).toMatchObject({
    kind: 'nothing-consumed',
    reason: 'not-sent',
    message: expect.stringContaining('no token: the token endpoint answered 200, but'),
  });
  expect(server.seenOf('collect')).toHaveLength(0);
});

test('what the reading of the secret throws comes through, and nothing is sent', async () => {
  const server = await startScripted({});
  const readCredentials = () => Promise.reject(new Error('Secret x could not be read'));
  const mosaic = openTestMosaic(server.url, { readCredentials });
  await expect(collect(mosaic, verifyStream, collectRequest())).rejects.toThrow('Secret x could not be read');
  expect(server.seen).toHaveLength(0);
});

function rotating(first: Credentials, secondSecret: string) {
  return async ({ fresh }: { readonly fresh: boolean }) =>
    fresh ? { ...first, clientSecret: secondSecret } : first;
}
