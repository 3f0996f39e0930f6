import { describe, expect, test } from 'vitest';
import { describeSwitches } from '../switches.ts';
import { bodyOf, drain, fates, openClient, tally, textsIn } from './client.ts';
import { activities, startedAt, startMosaic, textsOf } from './start.ts';

const hourMs = 3_600_000;

describe('a source that is slow by size', () => {
  const collect = async (batchSize: number, switches: readonly string[]) => {
    const { simulator } = await startMosaic({ switches });
    const client = await openClient(simulator);
    simulator.generate('cis', 1000);
    const outcome = await client.collect(batchSize, 100);
    return { simulator, outcome };
  };

  test('consumes an answer of more than N events that never comes', async () => {
    const { simulator, outcome } = await collect(51, ['slow-by-size=50']);
    expect(outcome).toEqual({ kind: 'failed', reason: 'timeout' });
    await expect.poll(() => fates(simulator)).toEqual({ 'lost slow-by-size': 51, waiting: 949 });
  });

  test('answers N events at once', async () => {
    const { simulator, outcome } = await collect(50, ['slow-by-size=50']);
    expect(textsIn([outcome])).toHaveLength(50);
    expect(fates(simulator)).toEqual({ answered: 50, waiting: 950 });
  });

  test('may have any limit', async () => {
    expect((await collect(200, ['slow-by-size=200'])).outcome.kind).toBe('answer');
    expect((await collect(201, ['slow-by-size=200'])).outcome.kind).toBe('failed');
  });

  test('may be late with a small answer too, if it holds duplicates', async () => {
    const { simulator } = await startMosaic({
      switches: ['slow-by-size=1'],
      interfere: () => ({ duplicates: true }),
    });
    const client = await openClient(simulator);
    simulator.generate('cis', 1);
    const outcome = await client.collect(1000, 100);
    expect(outcome.kind).toBe('failed');
  });
});

describe('repeated answers', () => {
  test('come N times more, byte for byte, and then the next batch comes', async () => {
    const { simulator } = await startMosaic({ switches: ['repeated-answer=4'] });
    const bodies = (await drain(simulator)).map(bodyOf).filter((body) => body !== '[]');
    const runs: number[] = [];
    bodies.forEach((body, place) => {
      if (body === bodies[place - 1]) runs[runs.length - 1]! += 1;
      else runs.push(1);
    });
    expect(new Set(runs)).toEqual(new Set([1, 5]));
    expect(new Set(bodies).size).toBe(20);
    expect(fates(simulator)).toMatchObject({ answered: 1000 });
  });

  test('go on without end while they are asked for, and consume nothing', async () => {
    let repeat = false;
    const { simulator, open, read } = await startMosaic({ interfere: () => ({ repeat }) });
    await open('cis', 'a');
    simulator.generate('cis', 30);
    repeat = true;
    const first = await read('cis', 'a', 10);
    for (let call = 0; call < 50; call += 1) expect(await read('cis', 'a', 10)).toEqual(first);
    expect(simulator.streams()[0]!.backlog).toBe(20);

    repeat = false;
    const generated = textsOf(simulator.generated('a'));
    expect([...first, ...(await read('cis', 'a'))]).toEqual(generated);
  });

  test('of a stream that has never answered are ordinary ones', async () => {
    const { open, read } = await startMosaic({ interfere: () => ({ repeat: true }) });
    await open('cis', 'a');
    expect(await read('cis', 'a')).toEqual([]);
  });
});

test('always short: 1 to N events an answer, as long as a backlog is there', async () => {
  const { simulator } = await startMosaic({ switches: ['always-short=7'] });
  const outcomes = await drain(simulator, { batchSize: 1000, empties: 1 });
  const sizes = outcomes.map((outcome) => textsIn([outcome]).length).slice(0, 200);
  expect(new Set(sizes)).toEqual(new Set([1, 2, 3, 4, 5, 6, 7]));
  expect(tally(outcomes)).toEqual({ answer: outcomes.length });
});

test('always short keeps every event', async () => {
  const { simulator } = await startMosaic({ switches: ['always-short=20'] });
  const outcomes = await drain(simulator);
  expect(textsIn(outcomes)).toEqual(textsOf(simulator.generated('relay')));
  expect(fates(simulator)).toEqual({ answered: 1000 });
});

test('a replaced stream says empty for N hours, with a backlog, and gives it out afterwards', async () => {
  const { simulator, open, read, pass, forgetToken } = await startMosaic({
    switches: ['empty-when-replaced=2'],
  });
  await open('cis', 'old');
  simulator.generate('cis', 30);
  expect(await read('cis', 'old', 10)).toHaveLength(10);
  pass(60_000);
  await open('cis', 'new');
  await open('risk', 'other');
  pass(2 * hourMs - 1);
  forgetToken();
  for (let call = 0; call < 5; call += 1) expect(await read('cis', 'old')).toEqual([]);
  pass(1);
  expect(await read('cis', 'old')).toHaveLength(20);
});

test('a stream that nobody has replaced is never falsely empty', async () => {
  const { simulator, open, read } = await startMosaic({ switches: ['empty-when-replaced'] });
  await open('cis', 'old');
  await open('cis', 'new');
  await open('risk', 'later');
  simulator.generate('cis', 5);
  expect(await read('cis', 'new')).toHaveLength(5);
});

test('events that are published late have timestamps N seconds before they can be read', async () => {
  const { simulator, open, read } = await startMosaic({ switches: ['published-late=90'] });
  await open('cis', 'a');
  simulator.generate('cis', 3, { overPastMs: 3_000 });
  const texts = await read('cis', 'a');
  const ages = texts.map((text) => startedAt - Date.parse(JSON.parse(text).timestamp));
  expect(ages).toEqual([92_000, 91_000, 90_000]);
  expect(simulator.recognise('a', Buffer.from(texts[0]!))).toMatchObject({ index: 0 });
});

describe('unreadable timestamps', () => {
  test.each([undefined, 5])('are no ISO times (variety %s)', async (variety) => {
    const { simulator, open, read } = await startMosaic({ switches: ['unreadable-timestamps'], variety });
    await open('cis', 'a');
    simulator.generate('cis', 20);
    const texts = await read('cis', 'a');
    expect(texts).toHaveLength(20);
    for (const text of texts) {
      const { timestamp } = JSON.parse(text);
      expect(timestamp).toBe('Sun, 01 Mar 2026 12:00:00 GMT');
    }
    expect(texts).toEqual(textsOf(simulator.generated('a')));
    expect(simulator.recognise('a', Buffer.from(texts[7]!))).toMatchObject({ index: 7 });
  });
});

describe('a number', () => {
  test.each([
    ['short=3', 'short takes no number'],
    ['slow-by-size=', 'slow-by-size takes a whole number from 1 to 999, not ""'],
    ['slow-by-size=0', 'from 1 to 999, not "0"'],
    ['slow-by-size=1000', 'from 1 to 999, not "1000"'],
    ['always-short=2.5', 'from 1 to 999, not "2.5"'],
    ['published-late=-1', 'from 1 to 86400, not "-1"'],
    ['repeated-answer=two', 'from 1 to 100000, not "two"'],
    ['slower-by-size=5', 'has no switch slower-by-size'],
  ])('%s is refused', async (name, reason) => {
    await expect(startMosaic({ switches: [name] })).rejects.toThrow(reason);
  });

  test('stands in the list of switches with its range', () => {
    expect(describeSwitches()).toMatch(/^ {2}slow-by-size\[=N\] .*\(N: 1 to 999, 50 if not given\)$/m);
  });

  test('is a default where none is given', async () => {
    const { call, open, simulator } = await startMosaic({ switches: ['always-short'] });
    await open('cis', 'a');
    simulator.generate('cis', 1000);
    const { text } = await call('POST', `${activities}/collect?type=cis&stream_id=a&batch_size=1000`);
    expect(JSON.parse(text).length).toBeLessThanOrEqual(20);
  });
});
