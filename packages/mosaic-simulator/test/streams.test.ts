import { expect, test } from 'vitest';
import { activities, startedAt, startMosaic, textsOf } from './start.ts';

const day = 24 * 3600_000;

test('an answer is the raw texts of what was generated, in a plain array', async () => {
  const { simulator, call, open } = await startMosaic();
  await open('cis', 'a');
  simulator.generate('cis', 30);
  const answer = await call('POST', `${activities}/collect?type=cis&stream_id=a&batch_size=1000`);
  expect(answer.text).toBe(`[${textsOf(simulator.generated('a')).join(',')}]`);
});

test('reading consumes, a batch at a time and in order', async () => {
  const { simulator, open, read } = await startMosaic();
  await open('risk', 'a');
  simulator.generate('risk', 25);
  const batches = [
    await read('risk', 'a', 10),
    await read('risk', 'a', 10),
    await read('risk', 'a', 10),
    await read('risk', 'a'),
  ];
  expect(batches.map((batch) => batch.length)).toEqual([10, 10, 5, 0]);
  expect(batches.flat()).toEqual(textsOf(simulator.generated('risk')));
});

test('100 events come where no batch size is given', async () => {
  const { simulator, call, open } = await startMosaic();
  await open('admin', 'a');
  simulator.generate('admin', 150);
  await call('POST', `${activities}/collect?type=admin&stream_id=a`);
  expect(simulator.calls.at(-1)).toMatchObject({ operation: 'collect', outcome: 201, events: 100 });
});

test('each stream of a type has its own copy, from its creation on', async () => {
  const { simulator, open, read } = await startMosaic();
  simulator.generate('cis', 5);
  await open('cis', 'early');
  simulator.generate('cis', 5);
  await open('cis', 'late');
  simulator.generate('cis', 5);
  const all = textsOf(simulator.generated('cis'));
  expect(await read('cis', 'early')).toEqual(all.slice(5));
  expect(await read('cis', 'late')).toEqual(all.slice(10));
  expect(textsOf(simulator.generated('early'))).toEqual(all.slice(5));
  expect(textsOf(simulator.generated('late'))).toEqual(all.slice(10));
});

test('types have nothing to do with each other', async () => {
  const { simulator, open, read } = await startMosaic();
  await open('cis', 'a');
  await open('verify', 'a');
  simulator.generate('cis', 3);
  expect(await read('verify', 'a')).toEqual([]);
  expect(() => [...simulator.generated('a')]).toThrow('several types have a stream a');
  expect([...simulator.generated('cis/a')]).toHaveLength(3);
});

test('what nobody read within its retention is gone, and the ledger says so', async () => {
  const { simulator, open, read, pass, forgetToken } = await startMosaic();
  await open('cis', 'a', '&retention=2');
  simulator.generate('cis', 4);
  pass(2 * day - 3600_000);
  simulator.generate('cis', 3);
  pass(3600_000);
  forgetToken();
  const texts = textsOf(simulator.generated('a'));
  expect(await read('cis', 'a')).toEqual(texts.slice(4));
  expect([...simulator.ledger('a')].map(({ fate, cause }) => `${fate} ${cause}`)).toEqual([
    ...Array(4).fill('expired retention'),
    ...Array(3).fill('answered undefined'),
  ]);
});

test('stop-collect deletes every stream of the type, and what is raised then is in none', async () => {
  const { simulator, call, open, read } = await startMosaic();
  await open('cis', 'a');
  await open('cis', 'b');
  await open('risk', 'c');
  simulator.generate('cis', 2);
  await read('cis', 'b');
  await call('DELETE', `${activities}/stop-collect?type=cis`);
  simulator.generate('cis', 1);
  expect(simulator.streams().map(({ id, deletedAt }) => [id, deletedAt])).toEqual([
    ['a', startedAt],
    ['b', startedAt],
    ['c', undefined],
  ]);
  await open('cis', 'a');
  simulator.generate('cis', 1);
  expect(await read('cis', 'a')).toHaveLength(1);
  const causes = [...simulator.ledger('a')].map(({ fate, cause }) => cause ?? fate);
  expect(causes).toEqual(['stream-deleted', 'stream-deleted', 'no-stream', 'answered']);
});

test('an event is recognised by its bytes, and by nothing else', async () => {
  const { simulator, open, read } = await startMosaic();
  await open('cis', 'a');
  simulator.generate('cis', 3, { overPastMs: 3000 });
  const events = (await read('cis', 'a')).map((text) => Buffer.from(text));
  const changed = Buffer.from(events[1]!.toString().replace('"activity"', '"Activity"'));
  const toCome = Buffer.from(events[2]!.toString().replaceAll('000000000002', '000000000003'));

  expect(events.map((bytes) => simulator.recognise('cis/a', bytes))).toEqual(
    [-2000, -1000, 0].map((ms, index) => ({ index, timestamp: startedAt + ms })),
  );
  for (const bytes of [changed, toCome, Buffer.from('{}')])
    expect(simulator.recognise('cis/a', bytes)).toBeUndefined();
});

test('timestamps are of the clock, spread over the time that is asked for', async () => {
  const { simulator, open, read } = await startMosaic();
  await open('cis', 'a');
  simulator.generate('cis', 3, { overPastMs: 3000 });
  simulator.generate('cis', 1);
  const times = (await read('cis', 'a')).map((text) => Date.parse(JSON.parse(text).timestamp) - startedAt);
  expect(times).toEqual([-2000, -1000, 0, 0]);
});

test.each([
  ['', ''],
  ['&enrichment=true', ''],
  ['', '{"enrichment":true}'],
])('ids are in the clear only where enrichment was asked for: query "%s", body %s', async (query, body) => {
  const { simulator, call, open, read } = await startMosaic();
  await open('cis', 'plain');
  const headers: Record<string, string> = body === '' ? {} : { 'content-type': 'application/json' };
  await call('PUT', `${activities}/stream?type=cis&stream_id=a${query}`, {
    body: body || undefined,
    headers,
  });
  simulator.generate('cis', 1);
  const event = JSON.parse((await read('cis', 'a'))[0]!);
  const plain = JSON.parse((await read('cis', 'plain'))[0]!);
  const enriched = query !== '' || body !== '';
  expect(plain.app_id).toMatch(/^h:/);
  expect(event.app_id.startsWith('h:')).toBe(!enriched);
  expect(event.original_app_id).toBe(enriched ? plain.app_id : undefined);
});

test('the ledger knows each event by the id that the collector gives it', async () => {
  const { simulator, open, read } = await startMosaic();
  await open('verify', 'a');
  simulator.generate('verify', 3);
  const [first] = await read('verify', 'a', 1);
  const ledger = [...simulator.ledger('a')];
  expect(ledger[0]).toMatchObject({
    index: 0,
    bytes: Buffer.from(first!),
    fate: 'answered',
    call: simulator.calls.length,
  });
  expect(ledger.slice(1).map(({ fate }) => fate)).toEqual(['waiting', 'waiting']);
});

test('fifty thousand events and forty streams take no memory for texts', async () => {
  const { simulator, open, read } = await startMosaic();
  for (let stream = 0; stream < 40; stream += 1) await open('cis', `s${stream}`);
  const before = process.memoryUsage().heapUsed;
  simulator.generate('cis', 50_000);
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(5_000_000);
  expect(await read('cis', 's39', 1)).toEqual(await read('cis', 's0', 1));
});
