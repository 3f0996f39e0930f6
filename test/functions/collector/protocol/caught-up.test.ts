import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createCaughtUp, type SeenAnswer } from '../../../../functions/collector/protocol/caught-up.ts';
import { noTimes } from '../../../../functions/collector/protocol/journal-answer.ts';
import { relayUnderTest } from './relay-under-test.ts';

const startedAt = Date.parse('2026-03-01T12:00:00Z');
const intervalMs = 300_000;
const second = 1_000;

/** An answer of events that were raised so long after the run began, at the same moment when it came. */
function answer(events: number, raisedAfterMs = 1, changes: Partial<SeenAnswer> = {}): SeenAnswer {
  const raised = startedAt + raisedAfterMs;
  const times = events === 0 ? noTimes : { oldest: raised, median: raised, newest: raised, unreadable: 0 };
  return { asked: 1_000, events, times, now: startedAt + 10 * second, tookMs: 150, ...changes };
}

const unreadable = (events: number): SeenAnswer =>
  answer(events, 0, { times: { ...noTimes, unreadable: events } });

/** What each answer leads to. */
function nextsOf(answers: readonly SeenAnswer[]): (true | number)[] {
  const caughtUp = createCaughtUp({ startedAt, intervalMs });
  return answers.map((one) => caughtUp.answered(one));
}

test('three answers in a row of less than half, all of it new, are the present', () => {
  expect(nextsOf([answer(499), answer(1), answer(30)])).toEqual([0, 0, true]);
});

test.each([
  ['an answer of half of what was asked', answer(500)],
  ['an event that was raised more than a minute before the run', answer(200, -61 * second)],
])('%s begins the count anew', (_, between) => {
  const fresh = answer(200);

  expect(nextsOf([fresh, fresh, between, fresh, fresh, fresh]).indexOf(true)).toBe(5);
});

test('a clock that is a minute behind ours raises new events all the same', () => {
  expect(nextsOf([answer(3, -59 * second), answer(3), answer(3)]).at(-1)).toBe(true);
});

test('events of a time that is still to come are no sign of the present', () => {
  const ahead = answer(400, 3 * 3_600_000);

  expect(nextsOf(Array.from({ length: 50 }, () => ahead)).includes(true)).toBe(false);
});

describe('where timestamps cannot be read', () => {
  const pause = 3 * second;
  /** The rest of a backlog, what came meanwhile, and what four pauses bring and the asks after them. */
  const present = [400, 3, 43, 3, 38, 5, 47, 1, 40, 13];

  test('four pauses that each bring three times as much as the next ask are the present', () => {
    expect(nextsOf(present.map(unreadable))).toEqual([0, pause, 0, pause, 0, pause, 0, pause, 0, true]);
  });

  test('answers of one size are a backlog, and are read without a pause', () => {
    const pieces = [1_000, ...Array.from({ length: 50 }, () => 50)];

    expect(nextsOf(pieces.map(unreadable)).filter((next) => next !== 0)).toEqual([pause]);
  });

  test('a pause that brings no more than the next ask begins the count anew', () => {
    const [rest, first, ...pairs] = present;
    const answers = [rest!, first!, ...pairs.slice(0, 6), 40, 14, 4, ...pairs].map(unreadable);

    expect(nextsOf(answers).indexOf(true)).toBe(answers.length - 1);
  });

  test('an answer of all that was asked for begins the count anew', () => {
    const [rest, first, ...pairs] = present;
    const answers = [rest!, first!, ...pairs.slice(0, 6), 1_000, 14, 4, ...pairs].map(unreadable);

    expect(nextsOf(answers).indexOf(true)).toBe(answers.length - 1);
  });

  test('the rest of a backlog is compared with nothing', () => {
    expect(nextsOf([1_000, 1_000, 10, 9, 60].map(unreadable))).toEqual([0, 0, 0, pause, 0]);
  });

  test('empty answers neither count nor begin anything', () => {
    const withEmpty = present.flatMap((events) => [unreadable(events), answer(0)]);
    const nexts = nextsOf(withEmpty);

    expect(nexts.slice(0, -1).filter((next) => next !== 0)).toEqual([pause, pause, pause, pause, true]);
  });

  test('a source whose answers take long is left more time, ten seconds at most', () => {
    const pauseAfter = (tookMs: number) =>
      nextsOf([400, 3].map((events) => ({ ...unreadable(events), tookMs }))).at(-1);

    expect([599, 1_000, 30_000].map(pauseAfter)).toEqual([3 * second, 5 * second, 10 * second]);
  });
});

test.each([
  ['a minute', 60_000, 3],
  ['five minutes', 300_000, 10],
  ['a day', 86_400_000, 10],
])('a stream of every %s is asked without a pause while most events are old', (_, everyMs, oldMinutes) => {
  const caughtUp = createCaughtUp({ startedAt, intervalMs: everyMs });
  const of = (events: number, minutes: number) => {
    const raised = startedAt + 10 * second - minutes * 60 * second;
    return caughtUp.answered(
      answer(events, 0, { times: { oldest: 0, median: raised, newest: startedAt, unreadable: 0 } }),
    );
  };

  expect([of(400, 60), of(3, 60), of(3, oldMinutes + 0.1), of(3, oldMinutes)]).toEqual([0, 0, 0, 3 * second]);
});

test('empty answers in between count as new', () => {
  expect(nextsOf([answer(3), answer(0), answer(0)])).toEqual([0, 0, true]);
});

test('empty answers alone say nothing of the present, however many there are', () => {
  expect(nextsOf(Array.from({ length: 20 }, () => answer(0))).includes(true)).toBe(false);
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

test('an answer of all that was asked for, or of old events alone, is never the last', () => {
  const full = fc.constant(answer(1_000));
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
