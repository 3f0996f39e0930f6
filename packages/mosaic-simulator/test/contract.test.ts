import { describe, expect, test } from 'vitest';
import { activities, fetchToken, startMosaic } from './start.ts';

const form = { 'content-type': 'application/x-www-form-urlencoded' };

describe('the token endpoint', () => {
  test('grants a bearer for an hour', async () => {
    const { simulator } = await startMosaic();
    const body = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: simulator.clientId,
      client_secret: simulator.clientSecret,
    });
    const response = await fetch(`${simulator.url}/oidc/token`, { method: 'POST', body });
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      access_token: expect.stringMatching(/^eyJ[\w-]+\.[\w-]+\.[\w-]+$/),
      token_type: 'Bearer',
      expires_in: 3600,
      scope: '',
    });
  });

  test.each([
    ['no body', ''],
    ['another grant', 'grant_type=password&client_id=a&client_secret=b'],
    ['no secret', 'grant_type=client_credentials&client_id=a'],
    ['a field it does not know', 'grant_type=client_credentials&client_id=a&client_secret=b&scope=x'],
    ['a field twice', 'grant_type=client_credentials&client_id=a&client_id=a&client_secret=b'],
    ['a resource it does not know', 'grant_type=client_credentials&client_id=a&client_secret=b&resource=x'],
  ])('answers 400 to %s', async (_, body) => {
    const { call } = await startMosaic();
    const answer = await call('POST', '/oidc/token', { body, headers: form });
    expect(answer).toMatchObject({ status: 400, text: '{"message":"Bad request","error_code":400}' });
  });

  test('answers 400 to JSON, and 401 to a wrong secret', async () => {
    const { call } = await startMosaic();
    const json = { 'content-type': 'application/json' };
    expect((await call('POST', '/oidc/token', { body: '{}', headers: json })).status).toBe(400);
    const body = 'grant_type=client_credentials&client_id=relay-local&client_secret=wrong';
    expect((await call('POST', '/oidc/token', { body, headers: form })).status).toBe(401);
  });
});

describe('authorization', () => {
  test.each([
    ['none', ''],
    ['another scheme', 'Basic abc'],
    ['a token nobody issued', 'Bearer abc'],
  ])('%s is answered 401', async (_, authorization) => {
    const { call } = await startMosaic();
    const answer = await call('PUT', `${activities}/start-collect?type=cis`, { headers: { authorization } });
    expect(answer).toMatchObject({ status: 401, text: 'Unauthorized' });
  });

  test('a token is good until its time is over, by the clock of the run', async () => {
    const { call, pass } = await startMosaic();
    expect((await call('PUT', `${activities}/start-collect?type=cis`)).status).toBe(200);
    pass(3_599_999);
    expect((await call('PUT', `${activities}/start-collect?type=cis`)).status).toBe(409);
    pass(1);
    expect((await call('PUT', `${activities}/start-collect?type=cis`)).status).toBe(401);
  });

  test('after a rotation the old secret is refused, and tokens that are out stay good', async () => {
    const { simulator, call } = await startMosaic();
    await call('PUT', `${activities}/start-collect?type=cis`);
    simulator.rotateSecret('new');
    expect((await call('PUT', `${activities}/start-collect?type=cis`)).status).toBe(409);
    expect(simulator.clientSecret).toBe('new');
    expect(await fetchToken(simulator)).toMatch(/^eyJ/);
  });
});

describe('statuses and texts', () => {
  test("a stream's whole life", async () => {
    const { call } = await startMosaic();
    const steps = [
      ['PUT', 'start-collect?type=verify', 200, 'Start collecting verify events.'],
      ['PUT', 'start-collect?type=verify', 409, 'Resource already exists in the project'],
      [
        'PUT',
        'stream?type=verify&stream_id=siem',
        200,
        'Events stream: siem, with verify events, was created successfully.',
      ],
      ['PUT', 'stream?type=verify&stream_id=siem', 409, 'Resource already exists in the project'],
      ['POST', 'collect?type=verify&stream_id=siem', 201, '[]'],
      ['POST', 'collect?type=verify&stream_id=other', 404, 'Stream not found.'],
      [
        'DELETE',
        'stream?type=verify&stream_id=siem',
        200,
        'Events stream: siem, with verify events, was deleted successfully.',
      ],
      ['DELETE', 'stream?type=verify&stream_id=siem', 404, 'Stream not found.'],
      ['DELETE', 'stop-collect?type=verify', 200, 'Stopped collecting verify events.'],
      [
        'DELETE',
        'stop-collect?type=verify',
        403,
        'Cannot handle request without performing start collect action first.',
      ],
    ] as const;
    for (const [method, path, status, text] of steps) {
      expect(await call(method, `${activities}/${path}`), `${method} ${path}`).toMatchObject({
        status,
        text,
      });
    }
  });

  test.each([
    ['PUT', 'stream?type=cis&stream_id=a'],
    ['DELETE', 'stream?type=cis&stream_id=a'],
    ['POST', 'collect?type=cis&stream_id=a'],
    ['DELETE', 'stop-collect?type=cis'],
  ])('%s %s is answered 403 before collection was started', async (method, path) => {
    const { call } = await startMosaic();
    const text = 'Cannot handle request without performing start collect action first.';
    expect(await call(method, `${activities}/${path}`)).toMatchObject({ status: 403, text });
  });

  test.each([
    ['PUT', 'stream?type=cis'],
    ['PUT', 'stream?type=cis&stream_id='],
    ['PUT', 'stream?type=cis&stream_id=%20'],
    ['PUT', 'stream?type=cis&stream_id=a%20b'],
    ['DELETE', 'stream?type=cis&stream_id=a+b'],
    ['POST', 'collect?type=cis'],
  ])('%s %s is answered 406', async (method, path) => {
    const { call } = await startMosaic();
    const text = 'stream_id parameter is required and must be a continuous non-empty string.';
    expect(await call(method, `${activities}/${path}`)).toMatchObject({ status: 406, text });
  });

  test.each([
    ['PUT', 'start-collect'],
    ['PUT', 'start-collect?type=CIS'],
    ['PUT', 'start-collect?type=cis&type=cis'],
    ['PUT', 'start-collect?type=cis&stream_id=a'],
    ['PUT', 'stream?type=cis&stream_id=a&retention=0'],
    ['PUT', 'stream?type=cis&stream_id=a&retention=32'],
    ['PUT', 'stream?type=cis&stream_id=a&enrichment=yes'],
    ['PUT', 'stream?type=cis&stream_id=a&color=red'],
    ['POST', 'collect?type=cis&stream_id=there&batch_size=0'],
    ['POST', 'collect?type=cis&stream_id=there&batch_size=1001'],
    ['POST', 'collect?type=cis&stream_id=there&batch_size=1e2'],
    ['POST', 'collect?type=cis&stream_id=there&cursor=1'],
  ])('%s %s is answered 400', async (method, path) => {
    const { call, open } = await startMosaic();
    await open('cis', 'there');
    expect(await call(method, `${activities}/${path}`)).toMatchObject({ status: 400, text: 'Bad request' });
  });

  test.each([
    ['PUT', 'start-collect?type=risk', '{}'],
    ['PUT', 'stream?type=cis&stream_id=a', '{"enrichment":"yes"}'],
    ['PUT', 'stream?type=cis&stream_id=a', '{"retention":7}'],
    ['PUT', 'stream?type=cis&stream_id=a', '[]'],
    ['PUT', 'stream?type=cis&stream_id=a', 'not JSON'],
    ['POST', 'collect?type=cis&stream_id=there', '{"batch_size":5}'],
    ['DELETE', 'stream?type=cis&stream_id=there', '{}'],
    ['DELETE', 'stop-collect?type=cis', '{}'],
  ])('%s %s with the body %s is answered 400', async (method, path, body) => {
    const { call, open } = await startMosaic();
    await open('cis', 'there');
    const headers = { 'content-type': 'application/json' };
    expect((await call(method, `${activities}/${path}`, { body, headers })).status).toBe(400);
  });

  test('paths and methods that the contract does not know are refused by name', async () => {
    const { call } = await startMosaic();
    expect(await call('GET', `${activities}/list-streams`)).toMatchObject({
      status: 404,
      text: `{"message":"Cannot GET ${activities}/list-streams"}`,
    });
    expect((await call('POST', '/activities/v2/activities/collect?type=cis&stream_id=a')).status).toBe(404);
    expect((await call('GET', `${activities}/collect?type=cis&stream_id=a`)).status).toBe(405);
    expect((await call('GET', '/oidc/token')).status).toBe(405);
    expect((await call('GET', '/')).status).toBe(404);
  });

  test('the GETs that once were are gone', async () => {
    const { call } = await startMosaic();
    const text = '{"message":"This endpoint has been removed. Please update your integration."}';
    expect(await call('GET', `${activities}/user?batch_size=5`)).toMatchObject({ status: 410, text });
    expect(await call('GET', `${activities}/admin`)).toMatchObject({ status: 410, text });
  });

  test('a body above 64 KB is not read', async () => {
    const { call } = await startMosaic();
    const answer = await call('POST', '/oidc/token', { body: 'x'.repeat(70_000), headers: form });
    expect(answer.status).toBe(413);
  });

  test('the tenant holds so many streams of all types and no more', async () => {
    const { call, open } = await startMosaic({ streamQuota: 2 });
    await open('cis', 'a');
    await open('risk', 'a');
    expect(await call('PUT', `${activities}/stream?type=risk&stream_id=b`)).toMatchObject({
      status: 429,
      text: 'Tenant has reached the maximum number of event streams.',
    });
    await call('DELETE', `${activities}/stream?type=cis&stream_id=a`);
    expect((await call('PUT', `${activities}/stream?type=risk&stream_id=b`)).status).toBe(200);
  });
});
