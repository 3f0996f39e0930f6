import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import {
  type FirehoseHttpReceiver,
  type FirehoseHttpReceiverOptions,
  startFirehoseHttpReceiver,
  type WrongAnswer,
} from '../firehose-http-receiver.ts';

const now = Date.parse('2026-03-01T12:00:00Z');
const requestId = '11111111-2222-4333-8444-555555555555';
let receiver: FirehoseHttpReceiver;

afterEach(() => receiver.close());

async function start(options: Partial<FirehoseHttpReceiverOptions> = {}): Promise<void> {
  receiver = await startFirehoseHttpReceiver({
    clock: { now: () => now },
    accessKey: 'key',
    packing: 'lines',
    ...options,
  });
}

interface Changes {
  readonly headers?: Record<string, string | undefined>;
  readonly content?: Record<string, unknown>;
  readonly records?: readonly string[];
  readonly path?: string;
  readonly gzip?: boolean;
}

async function send({ headers, content, records = ['{"a":1}\n'], path = '/', gzip = false }: Changes = {}) {
  const data = records.map((record) => ({ data: Buffer.from(record).toString('base64') }));
  const text = JSON.stringify({ requestId, timestamp: now, records: data, ...content });
  const all = {
    'x-amz-firehose-protocol-version': '1.0',
    'x-amz-firehose-request-id': requestId,
    'x-amz-firehose-source-arn': 'arn:aws:firehose:us-east-1:111122223333:deliverystream/relay-dev-risk-http',
    'x-amz-firehose-access-key': 'key',
    'content-type': 'application/json',
    'content-encoding': gzip ? 'gzip' : undefined,
    ...headers,
  };
  const given = Object.entries(all).filter((header): header is [string, string] => header[1] !== undefined);
  const body = gzip ? gzipSync(text) : text;
  return fetch(`${receiver.url}${path}`, { method: 'POST', headers: given, body, redirect: 'manual' });
}

describe('a Firehose HTTP endpoint', () => {
  test('a request by the protocol is taken and answered by the protocol', async () => {
    await start({ attributes: { team: 'soc' }, encoding: 'gzip', path: '/v1/input?x=1' });
    const attributes = '{"commonAttributes":{"team":"soc"}}';
    const response = await send({
      headers: { 'x-amz-firehose-common-attributes': attributes },
      records: ['{"a":1}\n{"a":2}\n', '{"a":3}\n'],
      path: '/v1/input?x=1',
      gzip: true,
    });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(response.headers.get('content-encoding')).toBeNull();
    expect(await response.json()).toEqual({ requestId, timestamp: now });
    const lines: string[] = [];
    await receiver.eachLine((line) => lines.push(line.toString()));
    expect(lines).toEqual(['{"a":1}', '{"a":2}', '{"a":3}']);
  });

  test('a judge of one’s own refuses a request that follows the protocol', async () => {
    await start({ refuses: (events) => events.find((event) => !event.includes('"a":1')) && 'only a of 1' });

    expect((await send()).status).toBe(200);
    expect((await send({ records: ['{"a":1}\n{"a":2}\n'] })).status).toBe(400);
    expect(receiver.refusals).toMatchObject([{ status: 400, reason: 'only a of 1' }]);
    const lines: string[] = [];
    await receiver.eachLine((line) => lines.push(line.toString()));
    expect(lines).toEqual(['{"a":1}']);
  });

  test.each<[string, Changes, number]>([
    ['a wrong access key', { headers: { 'x-amz-firehose-access-key': 'other' } }, 401],
    ['no access key', { headers: { 'x-amz-firehose-access-key': undefined } }, 401],
    ['another protocol version', { headers: { 'x-amz-firehose-protocol-version': '2.0' } }, 400],
    ['a request id that is no GUID', { headers: { 'x-amz-firehose-request-id': '1' } }, 400],
    ['another request id in the body', { content: { requestId: requestId.replace('1', '2') } }, 400],
    [
      'a source that is no delivery stream',
      { headers: { 'x-amz-firehose-source-arn': 'arn:aws:s3:::b' } },
      400,
    ],
    [
      'attributes that nobody configured',
      { headers: { 'x-amz-firehose-common-attributes': '{"commonAttributes":{"a":"b"}}' } },
      400,
    ],
    ['a header of Firehose that it does not know', { headers: { 'x-amz-firehose-colour': 'blue' } }, 400],
    ['another content type', { headers: { 'content-type': 'text/plain' } }, 400],
    ['another path', { path: '/v1/input' }, 400],
    ['a timestamp in seconds', { content: { timestamp: now / 1000 } }, 400],
    ['a timestamp as text', { content: { timestamp: String(now) } }, 400],
    ['an unknown member', { content: { version: 1 } }, 400],
    ['no records', { records: [] }, 400],
    ['a record that is not base64', { content: { records: [{ data: '*' }] } }, 400],
    ['a record above 1,024,000 bytes', { records: [`${'x'.repeat(1_024_000)}\n`] }, 400],
    ['a record that does not end its line', { records: ['{"a":1}'] }, 400],
  ])('%s is refused, and nothing is kept', async (_, changes, status) => {
    await start();
    const response = await send(changes);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ timestamp: now, errorMessage: expect.any(String) });
    expect(receiver.requests).toEqual([]);
  });

  test('where a record is one event, several or none are refused', async () => {
    await start({ packing: 'single' });
    expect((await send({ records: ['{"a":1}'] })).status).toBe(200);
    expect((await send({ records: ['{"a":1}\n'] })).status).toBe(400);
    expect((await send({ records: ['{"a":1}{"a":2}'] })).status).toBe(400);
  });

  test('a record without a byte is taken, and holds no event', async () => {
    for (const packing of ['single', 'lines'] as const) {
      await start({ packing });
      expect((await send({ records: [''] })).status).toBe(200);
      await receiver.eachLine(() => expect.unreachable());
      await receiver.close();
    }
    await start();
  });

  test.each(['/in?a=b&c=%20d', '/in?token=abc==', '/in?k=a/b', '/in?flag', '/in?a=%2F&b=+'])(
    'the URL %s is compared as it is configured',
    async (path) => {
      await start({ path });
      expect((await send({ path })).status).toBe(200);
      expect((await send({ path: `${path}&more=1` })).status).toBe(400);
    },
  );

  const dated = (hours: number) => `{"timestamp":"${new Date(now - hours * 3_600_000).toISOString()}"}`;
  const held = async () => {
    const lines: [string, boolean | undefined][] = [];
    await receiver.eachLine((line, isRedated) => lines.push([line.toString(), isRedated]));
    return lines;
  };

  const refusedForTime = () => {
    const lines: string[] = [];
    receiver.eachRefusedForTime?.((line) => lines.push(line.toString()));
    return lines;
  };

  test('one event too old has a whole request refused, where the receiver does so', async () => {
    await start({ packing: 'single', ages: { past: 86_400, otherwise: 'refuses-request' } });
    expect((await send({ records: [dated(1), dated(25)] })).status).toBe(400);
    expect((await send({ records: [dated(1), '{"timestamp":"soon"}', '{}', '7'] })).status).toBe(200);
    expect(await held()).toHaveLength(4);
    expect((await send({ records: [dated(1), dated(25)] })).status).toBe(400);
    expect(refusedForTime()).toEqual([dated(25)]);
  });

  test('events too old or too new are dropped alone, or kept under another time', async () => {
    const range = { past: 18 * 3_600, future: 2 * 3_600 };
    const records = [dated(1), dated(19), dated(-3)];
    await start({ packing: 'single', ages: { ...range, otherwise: 'drops' } });
    expect((await send({ records })).status).toBe(200);
    expect(await held()).toEqual([[dated(1), false]]);
    expect(refusedForTime()).toEqual([dated(19), dated(-3)]);
    await receiver.close();
    await start({ packing: 'single', ages: { ...range, otherwise: 're-dates' } });
    expect((await send({ records })).status).toBe(200);
    expect(await held()).toEqual([
      [dated(1), false],
      [dated(19), true],
      [dated(-3), true],
    ]);
    expect(refusedForTime()).toEqual([]);
  });

  test.each<[WrongAnswer, (response: Response, body: string) => void]>([
    ['status-201', ({ status }) => expect(status).toBe(201)],
    ['redirect', ({ status }) => expect(status).toBe(307)],
    ['other-request-id', (_, body) => expect(JSON.parse(body).requestId).not.toBe(requestId)],
    ['no-request-id', (_, body) => expect(JSON.parse(body)).toEqual({ timestamp: now })],
    ['timestamp-as-text', (_, body) => expect(JSON.parse(body).timestamp).toBe(String(now))],
    ['unexpected-field', (_, body) => expect(Object.keys(JSON.parse(body))).toHaveLength(3)],
    ['content-encoding', ({ headers }) => expect(headers.get('content-encoding')).toBe('identity')],
    ['above-1-mib', (_, body) => expect(body.length).toBeGreaterThan(1_048_576)],
    ['other-content-type', ({ headers }) => expect(headers.get('content-type')).toBe('text/plain')],
    ['not-json', (_, body) => expect(() => JSON.parse(body)).toThrow()],
  ])('asked to, it takes the events and answers wrongly: %s', async (wrong, check) => {
    await start();
    receiver.faults.wrongAnswers.push(wrong);
    const response = await send();
    check(response, await response.text());
    expect(receiver.requests).toHaveLength(1);
    expect((await send()).status).toBe(200);
  });

  test('asked not to answer, it takes the events and keeps the caller waiting', async () => {
    await start();
    receiver.faults.wrongAnswers.push('no-answer');
    const unanswered = expect(send()).rejects.toThrow();
    while (receiver.requests.length === 0) await new Promise(setImmediate);
    await receiver.close();
    await unanswered;
    await start();
  });

  test('a rotated key works beside the new one for its time', async () => {
    await start();
    receiver.rotateKey('next', 600_000);
    expect((await send()).status).toBe(200);
    expect((await send({ headers: { 'x-amz-firehose-access-key': 'next' } })).status).toBe(200);
    receiver.rotateKey('last', 0);
    expect((await send({ headers: { 'x-amz-firehose-access-key': 'next' } })).status).toBe(401);
  });
});
