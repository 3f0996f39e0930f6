import { describe, expect, test } from 'vitest';
import { type SwitchName, switches } from '../switches.ts';
import { bodyOf, drain, fates, openClient, tally, textsIn } from './client.ts';
import { activities, cutTexts, startMosaic, textsOf } from './start.ts';

const everything = { answered: 1000 };

test('without a switch 1,000 events are twenty full answers, and then empty ones', async () => {
  const { simulator } = await startMosaic();
  const outcomes = await drain(simulator);
  expect(outcomes.map((outcome) => textsIn([outcome]).length)).toEqual([...Array(20).fill(50), 0, 0, 0]);
  expect(textsIn(outcomes)).toEqual(textsOf(simulator.generated('relay')));
});

test('a switch that is unknown is refused by name', async () => {
  await expect(startMosaic({ switches: ['short', 'shorter'] })).rejects.toThrow(
    'has no switch shorter; it has short,',
  );
});

test('each switch has a line to explain it, and no name twice', () => {
  expect(new Set(switches.map(({ name }) => name)).size).toBe(switches.length);
  for (const { about } of switches) expect(about).toMatch(/^[^\n]{10,100}$/);
});

describe('on the way to the end', () => {
  test.each([
    ['short', {}],
    ['empty', {}],
    ['reorder', {}],
    ['duplicates', {}],
    ['slow', {}],
    ['reset-before', { reset: expect.any(Number) }],
    ['429', { throttled: expect.any(Number) }],
    ['429-no-retry-after', { throttled: expect.any(Number) }],
    ['5xx-before', { 'server-error': expect.any(Number) }],
    ['edge-html', { 'server-error': expect.any(Number) }],
    ['expired-token', {}],
    ['short-token', {}],
    ['huge-token', {}],
    ['token-500', {}],
    ['gzip', {}],
    ['chunked', {}],
    ['large-events', {}],
    ['snake-params', {}],
    ['pretty', {}],
    ['json-bodies', {}],
    ['no-retention', {}],
    ['lost-answer-redelivered', { reset: expect.any(Number) }],
    ['empty-200', {}],
    ['empty-204', {}],
    ['empty-no-bytes', {}],
    ['wait-then-empty', {}],
  ] satisfies [SwitchName, object][])('%s keeps every event', async (name, others) => {
    const { simulator } = await startMosaic({ switches: [name] });
    const outcomes = await drain(simulator);
    expect(tally(outcomes)).toMatchObject({ answer: expect.any(Number), ...others });
    expect(new Set(textsIn(outcomes))).toEqual(new Set(textsOf(simulator.generated('relay'))));
    expect(fates(simulator)).toEqual(everything);
    expect(simulator.faults).toEqual([]);
  });

  test.each([
    ['lost-answer', 'reset', 'lost'],
    ['5xx-after', 'server-error', 'lost'],
    ['cut-off', 'cut-off', 'lost'],
    ['header-flood', 'headers-too-long', 'lost'],
    ['truncated-array', 'answer', 'damaged'],
    ['wrapped', 'answer', 'damaged'],
    ['invalid-utf8', 'answer', 'damaged'],
    ['nul-bytes', 'answer', 'damaged'],
  ] satisfies [SwitchName, string, string][])(
    '%s consumes batches, told by the ledger',
    async (name, reason, fate) => {
      const { simulator } = await startMosaic({ switches: [name] });
      const outcomes = await drain(simulator);
      expect(tally(outcomes)[reason]).toBeGreaterThan(0);
      const counts = fates(simulator);
      expect(counts[`${fate} ${name}`]).toBeGreaterThanOrEqual(50);
      expect((counts[`${fate} ${name}`] ?? 0) + (counts.answered ?? 0)).toBe(1000);
    },
  );

  test.each([
    ['gzip-bomb', /^\[\{"a":"0{1000}/],
    ['numbers', /^\[1, 2\.50, 9007199254740993,/],
    ['number-flood', /^\[1,1,1,/],
    ['null-body', /^null$/],
    ['html-201', /^<!DOCTYPE html>/],
  ] satisfies [SwitchName, RegExp][])(
    '%s comes in place of a batch that is not consumed',
    async (name, body) => {
      const { simulator } = await startMosaic({ switches: [name] });
      const outcomes = await drain(simulator);
      expect(outcomes.some((outcome) => body.test(bodyOf(outcome)?.slice(0, 2000) ?? ''))).toBe(true);
      expect(fates(simulator)).toEqual(everything);
    },
  );

  test.each([
    ['deep-nesting', 200_000],
    ['huge-body', 50_000_000],
  ] satisfies [SwitchName, number][])('%s adds an element that nobody generated', async (name, bytes) => {
    const { simulator } = await startMosaic({ switches: [name] });
    const outcomes = await drain(simulator, { batchSize: 250, empties: 1 });
    const generated = new Set(textsOf(simulator.generated('relay')));
    const alien = textsIn(outcomes).filter((text) => !generated.has(text));
    expect(alien[0]?.length).toBeGreaterThan(bytes);
    expect(fates(simulator)).toEqual(everything);
  });
});

describe('what it looks like', () => {
  test('short answers hold fewer than were asked for while more wait', async () => {
    const { simulator } = await startMosaic({ switches: ['short'] });
    const sizes = (await drain(simulator)).map((outcome) => textsIn([outcome]).length);
    expect(sizes.filter((size) => size > 0 && size < 50).length).toBeGreaterThan(5);
  });

  test('empty answers come in the middle of a backlog, never two in a row', async () => {
    const { simulator } = await startMosaic({ switches: ['empty'] });
    const sizes = (await drain(simulator)).map((outcome) => textsIn([outcome]).length);
    const backlog = sizes.slice(
      0,
      sizes.findLastIndex((size) => size > 0),
    );
    expect(backlog).toContain(0);
    expect(backlog.some((size, place) => size === 0 && backlog[place + 1] === 0)).toBe(false);
  });

  test('duplicates come in the same answer or a later one, and no answer grows beyond its batch', async () => {
    const { simulator } = await startMosaic({ switches: ['duplicates'] });
    const outcomes = await drain(simulator);
    expect(textsIn(outcomes).length).toBeGreaterThan(1000);
    expect(Math.max(...outcomes.map((outcome) => textsIn([outcome]).length))).toBe(50);
  });

  test('reordered answers hold the same events in another order', async () => {
    const { simulator } = await startMosaic({ switches: ['reorder'] });
    const texts = textsIn(await drain(simulator));
    const generated = textsOf(simulator.generated('relay'));
    expect(texts).not.toEqual(generated);
    expect([...texts].sort()).toEqual([...generated].sort());
  });

  test.each([
    ['429', '1'],
    ['429-no-retry-after', undefined],
  ] satisfies [SwitchName, string | undefined][])('%s asks to wait for %s s', async (name, retryAfter) => {
    const { simulator } = await startMosaic({ switches: [name] });
    const throttled = (await drain(simulator)).find((outcome) => outcome.kind === 'failed');
    expect(throttled).toMatchObject({ reason: 'throttled', retryAfter });
  });

  test('an expired token costs a 401, and a new token is good again', async () => {
    const { simulator } = await startMosaic({ switches: ['expired-token'] });
    const outcomes = await drain(simulator);
    expect(Object.keys(tally(outcomes))).toEqual(['answer']);
    const refused = simulator.calls.filter(({ outcome }) => outcome === 401).length;
    expect(refused).toBeGreaterThan(1);
    expect(simulator.calls.filter(({ operation }) => operation === 'token')).toHaveLength(refused + 1);
  });

  test('gzip packs answers for those who accept it', async () => {
    const { simulator, call, open } = await startMosaic({ switches: ['gzip'] });
    const [first] = await drain(simulator);
    expect(first).toMatchObject({ encoding: 'gzip' });
    await open('risk', 'a');
    simulator.generate('risk', 1);
    const path = `${activities}/collect?type=risk&stream_id=a`;
    const plain = await call('POST', path, { headers: { 'accept-encoding': 'identity' } });
    expect(plain.headers.get('content-encoding')).toBe(null);
  });

  test('chunked answers have no content-length', async () => {
    const { call, open } = await startMosaic({ switches: ['chunked'] });
    await open('cis', 'a');
    const answer = await call('POST', `${activities}/collect?type=cis&stream_id=a`);
    expect(answer.headers.get('content-length')).toBe(null);
    expect(answer.headers.get('transfer-encoding')).toBe('chunked');
  });

  test.each([
    ['empty-200', 200, '[]'],
    ['empty-204', 204, ''],
    ['empty-no-bytes', 201, ''],
  ] satisfies [SwitchName, number, string][])(
    '%s answers an empty stream by %i "%s"',
    async (name, status, text) => {
      const { call, open } = await startMosaic({ switches: [name] });
      await open('cis', 'a');
      expect(await call('POST', `${activities}/collect?type=cis&stream_id=a`)).toMatchObject({
        status,
        text,
      });
    },
  );

  test('pretty puts line breaks between and inside events', async () => {
    const { simulator, call, open } = await startMosaic({ switches: ['pretty'] });
    await open('cis', 'a');
    simulator.generate('cis', 50);
    const { text } = await call('POST', `${activities}/collect?type=cis&stream_id=a`);
    expect(cutTexts(text)).toEqual(textsOf(simulator.generated('a')));
    expect(text).toMatch(/\}\s*\n\s*,|,\s*\n\s*\{/);
    expect(textsOf(simulator.generated('a')).join('')).toContain('\n');
  });

  test('json-bodies wraps the texts', async () => {
    const { call } = await startMosaic({ switches: ['json-bodies'] });
    expect(await call('PUT', `${activities}/start-collect?type=cis`)).toMatchObject({
      status: 200,
      text: '{"message":"Start collecting cis events."}',
    });
  });

  test('410 retires v1, and v2 serves the same under its own prefix', async () => {
    const { call } = await startMosaic({ switches: ['410', 'v2'] });
    expect((await call('PUT', `${activities}/start-collect?type=cis`)).status).toBe(410);
    expect((await call('PUT', '/activities/v2/activities/start-collect?type=cis')).status).toBe(200);
  });

  test('quota leaves room for one stream', async () => {
    const { simulator, open } = await startMosaic({ switches: ['quota'] });
    await open('risk', 'other');
    await expect(openClient(simulator)).rejects.toThrow(
      'Tenant has reached the maximum number of event streams.',
    );
  });

  test('no-retention answers 400 to the parameter', async () => {
    const { call } = await startMosaic({ switches: ['no-retention'] });
    await call('PUT', `${activities}/start-collect?type=cis`);
    expect((await call('PUT', `${activities}/stream?type=cis&stream_id=a&retention=7`)).status).toBe(400);
    expect((await call('PUT', `${activities}/stream?type=cis&stream_id=a`)).status).toBe(200);
  });

  test('one-day forgets after 24 hours, whatever was asked for', async () => {
    const { simulator, open, read, pass, forgetToken } = await startMosaic({ switches: ['one-day'] });
    await open('cis', 'a', '&retention=7');
    simulator.generate('cis', 3);
    pass(24 * 3600_000);
    forgetToken();
    expect(await read('cis', 'a')).toEqual([]);
  });

  test('token-400 and short-token change what the token endpoint says', async () => {
    const { call, simulator } = await startMosaic({ switches: ['token-400', 'short-token'] });
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const form = (secret: string) =>
      `grant_type=client_credentials&client_id=relay-local&client_secret=${secret}`;
    expect((await call('POST', '/oidc/token', { headers, body: form('wrong') })).status).toBe(400);
    const good = await call('POST', '/oidc/token', { headers, body: form(simulator.clientSecret) });
    expect(JSON.parse(good.text)).toMatchObject({ expires_in: 60 });
  });

  test('huge-token hands out 64 KB, and a smaller one when asked again', async () => {
    const { call, simulator } = await startMosaic({ switches: ['huge-token'] });
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const body = `grant_type=client_credentials&client_id=relay-local&client_secret=${simulator.clientSecret}`;
    const lengths: number[] = [];
    for (let ask = 0; ask < 4; ask += 1) {
      lengths.push(
        JSON.parse((await call('POST', '/oidc/token', { headers, body })).text).access_token.length,
      );
    }
    expect(Math.max(...lengths)).toBeGreaterThanOrEqual(65_536);
    expect(Math.min(...lengths)).toBeLessThan(1000);
  });
});

describe('the seed', () => {
  const all = [
    'short',
    'empty',
    'duplicates',
    'reorder',
    '429',
    'lost-answer',
    '5xx-after',
    'wrapped',
    'expired-token',
  ];
  const run = async (seed: number) => {
    const { simulator } = await startMosaic({ seed, switches: all });
    const outcomes = await drain(simulator);
    return { texts: textsIn(outcomes).join('\n'), tally: tally(outcomes), fates: fates(simulator) };
  };

  test('decides everything: two runs agree', async () => {
    expect(await run(7)).toEqual(await run(7));
  });

  test('and another one makes another run', async () => {
    expect((await run(7)).texts).not.toBe((await run(8)).texts);
  });

  test('what happens to one stream does not hang on the others', async () => {
    const alone = await startMosaic({ switches: all });
    const expected = tally(await drain(alone.simulator));
    const crowded = await startMosaic({ switches: all });
    await crowded.open('cis', 'other');
    await crowded.call('POST', `${activities}/collect?type=cis&stream_id=other`);
    expect(tally(await drain(crowded.simulator))).toEqual(expected);
  });
});
