import { beforeEach, describe, expect, test } from 'vitest';
import { followUndelivered, type Undelivered } from '../../../../lab/soak/load/undelivered.ts';

let now: number;
let raised: number;
let undelivered: Undelivered;
const line = (event: number) => ({ event, bytes: 10 });
const lines = { of: () => 10, upTo: (count: number) => 10 * count, mean: 10 };

beforeEach(() => {
  now = 0;
  raised = 0;
  undelivered = followUndelivered({ destinations: 2, lines, now: () => now, raised: () => raised });
});

describe('what is undelivered', () => {
  test('is every raised event that was not accepted, those that still wait in Mosaic included', () => {
    raised = 100;
    undelivered.accepted(0, [line(0), line(1)]);

    expect(undelivered.now(0).bytes).toBe(980);
    expect(undelivered.now(1).bytes).toBe(1_000);
  });

  test('falls by an event once, however often the event is accepted', () => {
    raised = 3;
    undelivered.accepted(0, [line(0), line(1)]);
    undelivered.accepted(0, [line(1)]);

    expect(undelivered.now(0).bytes).toBe(10);
    expect(undelivered.compare(0)).toEqual({ missing: 1, duplicates: 1 });
    expect(undelivered.compare(1)).toEqual({ missing: 3, duplicates: 0 });
  });

  test('is told as the most that there was since the last sample', () => {
    raised = 50;
    undelivered.accepted(
      0,
      Array.from({ length: 50 }, (_, event) => line(event)),
    );
    raised = 52;
    const [first] = undelivered.sample();
    const [second] = undelivered.sample();

    expect([first?.bytes, second?.bytes]).toEqual([500, 20]);
  });

  test('is not counted by a line of another length than its event gives', () => {
    expect(() => undelivered.accepted(0, [{ event: 0, bytes: 11 }])).toThrow('event 0 has 11 bytes');
  });
});

describe('the age of the oldest undelivered batch', () => {
  test("counts from the batch's collecting until the last of its events is accepted", () => {
    undelivered.journaled({ collectedAt: 1_000, events: [0, 1] });
    undelivered.journaled({ collectedAt: 5_000, events: [2] });
    now = 9_000;
    undelivered.accepted(0, [line(0), line(2)]);
    expect(undelivered.now(0).oldestMs).toBe(8_000);

    undelivered.accepted(0, [line(1)]);
    expect(undelivered.now(0).oldestMs).toBe(0);
    expect(undelivered.now(1).oldestMs).toBe(8_000);
  });

  test('is told as the highest since the last sample, also when the batch was delivered by then', () => {
    undelivered.journaled({ collectedAt: 0, events: [0] });
    now = 7_000;
    undelivered.accepted(0, [line(0)]);
    now = 10_000;

    expect(undelivered.sample().map(({ oldestMs }) => oldestMs)).toEqual([7_000, 10_000]);
    expect(undelivered.sample().map(({ oldestMs }) => oldestMs)).toEqual([0, 10_000]);
  });

  test('does not count a batch whose events had all been accepted before it was journaled', () => {
    undelivered.accepted(0, [line(0)]);
    undelivered.journaled({ collectedAt: 0, events: [0] });
    now = 1_000;

    expect(undelivered.now(0).oldestMs).toBe(0);
    expect(undelivered.now(1).oldestMs).toBe(1_000);
  });
});
