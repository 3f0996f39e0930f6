import { describe, expect, test } from 'vitest';
import { createRandom } from '../random.ts';
import { storyBetween } from '../story/story.ts';
import type { StoryEvent } from '../story/story-event.ts';
import { createTopic } from '../topic.ts';
import { startedAt, startMosaic, textsOf } from './start.ts';

const hourMs = 3_600_000;

function event(at: number, activity = 'user_login'): StoryEvent {
  return { type: 'cis', at, members: { activity, ip: '192.0.2.1', additionalParams: {} } };
}

describe('a story that a topic tells', () => {
  test('raises each event at its own time, and at once what has passed', () => {
    let now = startedAt;
    const topic = createTopic(() => now);
    topic.tell([event(startedAt + 2_000), event(startedAt - 5_000), event(startedAt + 9_000)]);

    expect(topic.length).toBe(1);
    expect([topic.timestampOf(0), topic.raisedAt(0)]).toEqual([startedAt - 5_000, startedAt]);
    now = startedAt + 2_000;
    expect(topic.length).toBe(2);
    expect(topic.raisedAt(1)).toBe(now);
    now = startedAt + hourMs;
    expect(topic.length).toBe(3);
    expect(topic.raisedBy(startedAt + 8_999)).toBe(2);
  });

  test('joins a second story to what is still to come of the first, in the order of time', () => {
    let now = startedAt;
    const topic = createTopic(() => now);
    topic.tell([event(startedAt + 1_000, 'a'), event(startedAt + 3_000, 'c')]);
    topic.tell([event(startedAt + 2_000, 'b')]);
    now += hourMs;

    expect(topic.length).toBe(3);
    const told = [0, 1, 2].map((index) => topic.storyOf(index)?.members.activity);
    expect(told).toEqual(['a', 'b', 'c']);
  });

  test('goes on beside events that are raised at once, and not beside a trickle', () => {
    let now = startedAt;
    const topic = createTopic(() => now);
    topic.tell([event(startedAt), event(startedAt + 2_000)]);
    topic.raise(2, { now, overPastMs: 0 });
    now += 2_000;

    expect(topic.length).toBe(4);
    expect([0, 1, 2, 3].map((index) => topic.storyOf(index) !== undefined)).toEqual([
      true,
      false,
      false,
      true,
    ]);
    const trickle = { eventsPerSecond: 1, until: now + hourMs, random: createRandom('test') };
    topic.trickle(trickle);
    expect(() => topic.tell([event(now)])).toThrow('trickle already');
    const telling = createTopic(() => now);
    telling.tell([event(now + 1)]);
    expect(() => telling.trickle(trickle)).toThrow('is being told');
  });
});

describe('a simulator that tells a story', () => {
  test('answers its events with a unique id each, and knows them by it', async () => {
    const { simulator, open, read } = await startMosaic({ switches: ['snake-params'] });
    await open('cis', 'one');
    simulator.tell([event(startedAt, 'first'), event(startedAt, 'second')]);
    const texts = await read('cis', 'one');

    expect(texts).toEqual(textsOf(simulator.generated('one')));
    const [first, second] = texts.map((text) => JSON.parse(text));
    expect(first).toEqual({
      activity: 'first',
      ip: '192.0.2.1',
      additional_params: {},
      timestamp: new Date(startedAt).toISOString(),
      correlation_id: expect.stringMatching(/-c150-4000-8000-0{12}$/),
    });
    expect(second.activity).toBe('second');
    expect(simulator.recognise('one', Buffer.from(texts[1]!))).toEqual({ index: 1, timestamp: startedAt });
  });

  test('with published-late gives them later, under their own times', async () => {
    const { simulator, open, read, pass } = await startMosaic({ switches: ['published-late=60'] });
    await open('cis', 'one');
    simulator.tell([event(startedAt)]);

    expect(await read('cis', 'one')).toEqual([]);
    pass(60_000);
    expect((await read('cis', 'one')).join()).toContain(new Date(startedAt).toISOString());
  });
});

test('two parts of a story that meet are those of the whole, over midnight too', () => {
  const from = Date.UTC(2026, 2, 2, 20);
  const attacks = [{ name: 'silence', at: from + hourMs } as const];
  const part = (start: number, end: number) =>
    storyBetween({ seed: 3, attacks }, { from: from + start * hourMs, until: from + end * hourMs });

  expect([...part(0, 3), ...part(3, 5), ...part(5, 12)]).toEqual(part(0, 12));
  expect(part(0, 12).length).toBeGreaterThan(50);
  expect(part(1, 4).filter(({ members }) => members.activity === 'user_login')).toEqual([]);
});
