import { expect, test } from 'vitest';
import { createStream, deleteStream, startCollect } from '../../../functions/mosaic/lifecycle.ts';
import { openTestMosaic, startScripted, status, token, verifyStream } from './scripted-server.ts';

const limits = { timeoutMs: 20_000 };

test('start-collect is a PUT with the type and no body', async () => {
  const server = await startScripted({ 'start-collect': status(200, 'Start collecting verify events.') });
  expect(await startCollect(openTestMosaic(server.url), 'verify', limits)).toEqual({ kind: 'started' });
  expect(server.seenOf('start-collect')[0]).toMatchObject({
    method: 'PUT',
    url: '/activities/v1/activities/start-collect?type=verify',
    body: '',
  });
});

test('a stream is created with what was asked for and nothing else', async () => {
  const server = await startScripted({ stream: status(200) });
  await createStream(openTestMosaic(server.url), verifyStream, limits);
  expect(server.seenOf('stream')[0]).toMatchObject({
    method: 'PUT',
    url: '/activities/v1/activities/stream?type=verify&stream_id=siem',
    body: '',
  });
});

test('retention goes into the query, enrichment into query and body', async () => {
  const server = await startScripted({ stream: status(200) });
  const stream = { ...verifyStream, retentionDays: 7, enrichment: true };
  expect(await createStream(openTestMosaic(server.url), stream, limits)).toEqual({
    kind: 'created',
    withoutRetention: false,
  });
  expect(server.seenOf('stream')[0]).toMatchObject({
    url: '/activities/v1/activities/stream?type=verify&stream_id=siem&retention=7&enrichment=true',
    body: '{"enrichment":true}',
    headers: { 'content-type': 'application/json' },
  });
});

test('where retention is answered by 400, the stream is created without it', async () => {
  const server = await startScripted({ stream: [status(400, 'Bad request'), status(200)] });
  const stream = { ...verifyStream, retentionDays: 7 };
  expect(await createStream(openTestMosaic(server.url), stream, limits)).toEqual({
    kind: 'created',
    withoutRetention: true,
  });
  expect(server.seenOf('stream')[1]?.url).not.toContain('retention');
});

test('400 without retention is not tried again', async () => {
  const server = await startScripted({ stream: status(400, 'Bad request') });
  const outcome = await createStream(openTestMosaic(server.url), verifyStream, limits);
  expect(outcome).toMatchObject({ kind: 'refused', reason: 'request-refused', status: 400 });
  expect(server.seenOf('stream')).toHaveLength(1);
});

test('409 means that it is there already', async () => {
  const conflict = status(409, 'Resource already exists in the project');
  const server = await startScripted({ 'start-collect': conflict, stream: conflict });
  const mosaic = openTestMosaic(server.url);
  expect(await startCollect(mosaic, 'verify', limits)).toEqual({ kind: 'already-there' });
  expect(await createStream(mosaic, verifyStream, limits)).toEqual({ kind: 'already-there' });
});

test('a stream is deleted, or was not there', async () => {
  const server = await startScripted({ stream: [status(200), status(404, 'Stream not found.')] });
  const mosaic = openTestMosaic(server.url);
  expect(await deleteStream(mosaic, verifyStream, limits)).toEqual({ kind: 'deleted' });
  expect(await deleteStream(mosaic, verifyStream, limits)).toEqual({ kind: 'not-there' });
  expect(server.seenOf('stream')[0]).toMatchObject({
    method: 'DELETE',
    url: '/activities/v1/activities/stream?type=verify&stream_id=siem',
  });
});

test.each([
  [401, 'credential-refused', /management app/],
  [403, 'not-started', /started first/],
  [404, 'request-refused', /Check the type/],
  [406, 'stream-id-refused', /without spaces/],
  [410, 'retired', /version of the API is gone/],
  [429, 'quota', /as many event streams as it may have/],
])('a create answered by %i is refused: %s, with advice', async (code, reason, advice) => {
  const server = await startScripted({ stream: status(code, '{"message":"Bad request."}') });
  const outcome = await createStream(openTestMosaic(server.url), verifyStream, limits);
  expect(outcome).toMatchObject({
    kind: 'refused',
    reason,
    status: code,
    message: expect.stringMatching(advice),
  });
  expect(outcome).toMatchObject({
    message: expect.stringContaining(`PUT /activities/v1/activities/stream answered ${code}: Bad request. `),
  });
});

test('the stream quota is asked for once', async () => {
  const server = await startScripted({
    stream: status(429, 'Tenant has reached the maximum number of event streams.'),
  });
  await createStream(openTestMosaic(server.url), { ...verifyStream, retentionDays: 7 }, limits);
  expect(server.seenOf('stream')).toHaveLength(1);
});

test('429 elsewhere, 5xx and no answer may pass', async () => {
  const server = await startScripted({
    'start-collect': [status(429), status(500), (response) => response.destroy()],
  });
  const mosaic = openTestMosaic(server.url);
  expect(await startCollect(mosaic, 'verify', limits)).toMatchObject({ kind: 'failed', status: 429 });
  expect(await startCollect(mosaic, 'verify', limits)).toMatchObject({ kind: 'failed', status: 500 });
  expect(await startCollect(mosaic, 'verify', limits)).toMatchObject({
    kind: 'failed',
    message: expect.any(String),
  });
});

test('a refused credential says what to check; a token endpoint that is down may pass', async () => {
  const refused = await startScripted({ token: status(401, 'Unauthorized') });
  expect(await startCollect(openTestMosaic(refused.url), 'verify', limits)).toMatchObject({
    kind: 'refused',
    reason: 'credential-refused',
    status: 401,
    message: expect.stringMatching(
      /^the token endpoint answered 401: Unauthorized\. The client id and secret must be/,
    ),
  });
  const down = await startScripted({ token: status(503) });
  expect(await startCollect(openTestMosaic(down.url), 'verify', limits)).toMatchObject({
    kind: 'failed',
    status: 503,
  });
});

test('401 is answered by one renewal here too', async () => {
  const server = await startScripted({
    token: [token('old'), token('new')],
    'start-collect': (response, { headers }) => {
      response.writeHead(headers.authorization === 'Bearer new' ? 200 : 401).end();
    },
  });
  expect(await startCollect(openTestMosaic(server.url), 'verify', limits)).toEqual({ kind: 'started' });
});
