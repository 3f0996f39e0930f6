import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createCaughtUp, type SeenAnswer } from '../../../../functions/collector/protocol/caught-up.ts';
import { relayUnderTest } from './relay-under-test.ts';

const startedAt = Date.parse('2026-03-01T12:00:00Z');
const intervalMs = 300_000;
const second = 1_000;

/** An answer of events that were raised so long after the run began, at the same moment when it came. */
function answer(events: number, raisedAfterMs = 1, changes: Partial<SeenAnswer> = {}): SeenAnswer {
  const raised = startedAt + raisedAfterMs;
  const times =
    events === 0
      ? { oldest: undefined, newest: undefined, unreadable: 0 }
      : { oldest: raised, newest: raised, unreadable: 0 };
  return { asked: 1_000, events, times, now: startedAt + 10 * second, ...changes };
}

const unreadable = (events: number): SeenAnswer =>
  answer(events, 0, { times: { oldest: undefined, newest: undefined, unreadable: events } });

/** What each answer leads to. */
function afterEach(answers: readonly SeenAnswer[]): (true | number)[] {
  const caughtUp = createCaughtUp({ startedAt, intervalMs });
  return answers.map((one) => caughtUp.answered(one));
}

test('three answers in a row of less than half, all of it new, are the present', () => {
  expect(afterEach([answer(499), answer(1), answer(30)])).toEqual([0, 0, true]);
});

test.each([
  ['an answer of half of what was asked', answer(500)],
  ['an event that was raised more than a minute before the run', answer(200, -61 * second)],
])('%s begins the count anew', (_, between) => {
  const fresh = answer(200);

  expect(afterEach([fresh, fresh, between, fresh, fresh, fresh])).toEqual([0, 0, 0, 0, 0, true]);
});

test('a clock that is a minute behind ours raises new events all the same', () => {
  expect(afterEach([answer(3, -59 * second), answer(3), answer(3)]).at(-1)).toBe(true);
});

test('where timestamps cannot be read, five small answers with growing pauses between them are the present', () => {
  expect(afterEach([99, 1, 50, 3, 2].map(unreadable))).toEqual([1_000, 2_000, 4_000, 4_000, true]);
});

test('a tenth of what was asked begins the pauses anew', () => {
  expect(afterEach([99, 1, 100, 1, 1].map(unreadable))).toEqual([1_000, 2_000, 0, 1_000, 2_000]);
});

test('small answers whose newest event is older than two intervals are a backlog', () => {
  const old = answer(3, -2 * intervalMs);

  expect(afterEach(Array.from({ length: 50 }, () => old))).toEqual(Array.from({ length: 50 }, () => 0));
});

test('empty answers in between count as small ones that hold nothing old', () => {
  expect(afterEach([answer(3), answer(0), answer(0)])).toEqual([0, 0, true]);
  expect(afterEach([unreadable(3), ...Array.from({ length: 4 }, () => answer(0))]).at(-1)).toBe(true);
});

test('empty answers alone say nothing of the present, however many there are', () => {
  expect(afterEach(Array.from({ length: 20 }, () => answer(0))).includes(true)).toBe(false);
});

test('a setting of more than three empty answers holds', async () => {
  const relay = relayUnderTest([]);

  const report = await relay.run({ emptyAnswersToStop: 7 });

  expect(relay.source.stored.requests).toHaveLength(7);
  expect(report).toMatchObject({ record: { outcome: 'drained' } });
});

test('a run that waits for new events begins anew after its pause', () => {
  const caughtUp = createCaughtUp({ startedAt, intervalMs });
  caughtUp.answered(answer(3));
  caughtUp.answered(answer(3));
  caughtUp.reset();

  expect([caughtUp.answered(answer(3)), caughtUp.answered(answer(3))]).toEqual([0, 0]);
});

test('an answer of at least half, or of old events alone, is never the last', () => {
  const full = fc.integer({ min: 500, max: 1_000 }).map((events) => answer(events));
  const old = fc.integer({ min: 1, max: 1_000 }).map((events) => answer(events, -3 * intervalMs));
  const few = fc.integer({ min: 0, max: 499 }).map((events) => answer(events));
  const blind = fc.integer({ min: 1, max: 499 }).map(unreadable);
  fc.assert(
    fc.property(
      fc.array(fc.oneof(full, old, few, blind), { maxLength: 40 }),
      fc.oneof(full, old),
      (before, last) => {
        const caughtUp = createCaughtUp({ startedAt, intervalMs });
        for (const each of before) caughtUp.answered(each);
        expect(caughtUp.answered(last)).not.toBe(true);
      },
    ),
  );
});
