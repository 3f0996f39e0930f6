import { afterEach, describe, expect, test } from 'vitest';
import { type SplunkHec, type SplunkHecOptions, startSplunkHec } from '../splunk-hec.ts';

const channel = '11111111-2222-4333-8444-555555555555';
const token = 'aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee';
let hec: SplunkHec;
let now: number;

afterEach(() => hec.close());

async function start(options: Partial<SplunkHecOptions> = {}): Promise<void> {
  now = Date.parse('2026-03-01T12:00:00Z');
  hec = await startSplunkHec({ clock: { now: () => now }, token, indexes: ['main', 'mosaic'], ...options });
}

async function post(path: string, body: string, headers: Record<string, string | undefined> = {}) {
  const all = { authorization: `Splunk ${token}`, 'x-splunk-request-channel': channel, ...headers };
  const given = Object.entries(all).filter((header): header is [string, string] => header[1] !== undefined);
  const response = await fetch(`${hec.url}/services/collector/${path}`, {
    method: 'POST',
    body,
    headers: given,
  });
  return { status: response.status, ...((await response.json()) as Record<string, unknown>) };
}

function envelope(members: Record<string, unknown> = {}): string {
  return JSON.stringify({ time: 1_772_366_400.5, sourcetype: 'a', event: { a: 1 }, ...members });
}

describe('Splunk HEC', () => {
  test('envelopes back to back are kept as they came, the event as its own bytes', async () => {
    await start();
    const line =
      '{"time":1772366400.123,"host":"h","event":{"n":1.50,"big":12345678901234567890},"fields":{"event_id":"x"}}';
    expect(await post('event', `${line}\n${line}`)).toEqual({
      status: 200,
      text: 'Success',
      code: 0,
      ackId: 0,
    });

    expect(hec.events.map(({ event }) => event.toString())).toEqual(
      Array(2).fill('{"n":1.50,"big":12345678901234567890}'),
    );
    const lines: string[] = [];
    await hec.eachLine((one) => lines.push(one.toString()));
    expect(lines).toEqual([line, line]);
  });

  test.each([
    ['no authorization', { authorization: undefined }, 401, 2],
    ['another scheme', { authorization: `Bearer ${token}` }, 401, 3],
    ['an unknown token', { authorization: 'Splunk x' }, 403, 4],
    ['no channel', { 'x-splunk-request-channel': undefined }, 400, 10],
    ['a channel that is no GUID', { 'x-splunk-request-channel': 'mine' }, 400, 11],
  ])('%s is refused with its code', async (_, headers, status, code) => {
    await start();
    expect(await post('event', envelope(), headers)).toMatchObject({ status, code });
    expect(hec.events).toEqual([]);
  });

  test.each([
    ['no data', '', { status: 400, code: 5 }],
    ['a bare event', '{"a":1}', { status: 400, code: 6, 'invalid-event-number': 0 }],
    ['an envelope without event', '{"time":1772366400}', { status: 400, code: 12 }],
    ['a blank event', envelope({ event: ' ' }), { status: 400, code: 13 }],
    ['an event that is null', envelope({ event: null }), { status: 400, code: 6 }],
    ['an array', `[${envelope()}]`, { code: 6 }],
    ['a time in milliseconds', envelope({ time: 1_772_366_400_500 }), { code: 6 }],
    ['a text that is no time', envelope({ time: 'now' }), { code: 6 }],
    ['a time in milliseconds as text', envelope({ time: '1772366400500' }), { code: 6 }],
    ['a time in ISO 8601', envelope({ time: '2026-03-01T12:00:00Z' }), { code: 6 }],
    ['an index that the token may not write to', envelope({ index: 'secrets' }), { code: 7 }],
    ['fields that are nested', envelope({ fields: { a: { b: 1 } } }), { code: 15 }],
  ])('%s is refused whole', async (_, body, answer) => {
    await start();
    expect(await post('event', body)).toMatchObject(answer);
    expect(hec.events).toEqual([]);
    expect(hec.refusals).toHaveLength(1);
  });

  test.each([
    ['a comma between envelopes', `${envelope()},${envelope()}`],
    ['a cut-off envelope', `${envelope()}{"event":`],
  ])('%s refuses it and what follows; what came before is there', async (_, body) => {
    await start();
    expect(await post('event', body)).toMatchObject({ status: 400, code: 6, 'invalid-event-number': 1 });
    expect(hec.events).toHaveLength(1);
  });

  test('a body above the limit is refused, decompressed or not', async () => {
    await start({ maxBodyBytes: 100 });
    expect(await post('event', envelope({ event: 'x'.repeat(100) }))).toMatchObject({ status: 413 });
  });

  test('a time may stand in quotes', async () => {
    await start();
    expect(await post('event', envelope({ time: '1772366400.5' }))).toMatchObject({ code: 0 });
    expect(hec.events.map(({ time }) => time)).toEqual([1_772_366_400.5]);
  });

  test('an id is acknowledged after its time, once, and on its own channel only', async () => {
    await start({ ackAfterMs: 10_000 });
    await post('event', envelope());
    expect(await post('ack', '{"acks":[0]}')).toMatchObject({ acks: { 0: false } });
    now += 10_000;
    const other = { 'x-splunk-request-channel': channel.replace('1', '2') };
    expect(await post('ack', '{"acks":[0]}', other)).toMatchObject({ acks: { 0: false } });
    expect(await post('ack', '{"acks":[0,7]}')).toMatchObject({ acks: { 0: true, 7: false } });
    expect(await post('ack', '{"acks":[0]}')).toMatchObject({ acks: { 0: false } });
  });

  test('a lost acknowledgement never comes, though the events are there', async () => {
    await start();
    hec.faults.loseAcks = 1;
    await post('event', envelope());
    await post('event', envelope());
    expect(await post('ack', '{"acks":[0,1]}')).toMatchObject({ acks: { 0: false, 1: true } });
    expect(hec.events).toHaveLength(2);
  });

  test('what Firehose asks before it sends is answered', async () => {
    await start();
    const health = (query: string) => fetch(`${hec.url}/services/collector/health?${query}`);
    expect(await (await health(`ack=1&token=${token}`)).json()).toMatchObject({ code: 17 });
    expect(await post('ack', '{"acks":[0]}')).toMatchObject({ status: 200 });
    expect(await post('raw', '')).toMatchObject({ status: 400, code: 5 });
    hec.faults.tokenDisabled = true;
    expect(await post('raw', '')).toMatchObject({ status: 403, code: 1 });
  });

  test('a token without acknowledgement says so', async () => {
    await start({ acknowledges: false });
    expect(await post('ack', '{"acks":[0]}')).toMatchObject({ status: 400, code: 14 });
    expect(await post('event', envelope())).toEqual({ status: 200, text: 'Success', code: 0 });
  });

  test('after a rotation the old token works for its time, and not longer', async () => {
    await start();
    hec.rotateToken('next', 600_000);
    expect(await post('event', envelope())).toMatchObject({ status: 200 });
    now += 600_000;
    expect(await post('event', envelope())).toMatchObject({ status: 403, code: 4 });
    expect(await post('event', envelope(), { authorization: 'Splunk next' })).toMatchObject({ status: 200 });
  });

  test('an answer that is dropped leaves the events there; a receiver that is down takes none', async () => {
    await start();
    hec.faults.dropAnswers = 1;
    await expect(post('event', envelope())).rejects.toThrow();
    expect(hec.events).toHaveLength(1);
    hec.faults.down = true;
    await expect(post('event', envelope())).rejects.toThrow();
    expect(hec.events).toHaveLength(1);
  });

  test('a refusal that is switched on ends after its number of calls', async () => {
    await start();
    hec.faults.refuse = { status: 503, times: 1 };
    expect(await post('event', envelope())).toMatchObject({ status: 503, code: 9 });
    expect(await post('event', envelope())).toMatchObject({ status: 200 });
  });
});
