import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import {
  createVirtualClock,
  type VirtualClock,
  type VirtualClockOptions,
} from '../../clock/virtual-clock.ts';

const start = Date.parse('2026-03-01T00:00:00Z');
const hour = 3_600_000;
const clocks: VirtualClock[] = [];
const clockAt = (options: VirtualClockOptions = {}) => {
  const clock = createVirtualClock({ startAt: start, ...options });
  clocks.push(clock);
  return clock;
};
const restUntil = (until: number, onMoved: () => void, ports: readonly number[] = []) => ({
  until,
  ports,
  onMoved,
});
afterEach(() => {
  for (const clock of clocks.splice(0)) clock.close();
});

test('time stands still while nothing is busy', async () => {
  const clock = clockAt();

  await new Promise((resume) => setImmediate(resume));

  expect(clock.now()).toBe(start);
});

test('advance jumps to the next timer, however far away', async () => {
  const clock = clockAt();
  const seen: number[] = [];
  clock.at(start + 1000 * hour, () => seen.push(clock.now()));

  expect(await clock.advance()).toBe(true);
  expect(await clock.advance()).toBe(false);

  expect(seen[0]).toBeGreaterThanOrEqual(start + 1000 * hour);
  expect(seen[0]).toBeLessThan(start + 1001 * hour);
});

test('timers run in the order of their times, whatever order they were set in', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(1000), { maxLength: 30 }), async (minutes) => {
      const clock = createVirtualClock({ startAt: start });
      const seen: number[] = [];
      for (const minute of minutes) clock.at(start + minute * 60_000, () => seen.push(minute));

      await clock.runUntil(() => false, start + 2000 * 60_000);

      expect(seen).toEqual(minutes.toSorted((a, b) => a - b));
      clock.close();
    }),
    { numRuns: 50 },
  );
});

test('advance waits for the work that a timer began, and for the work that this began', async () => {
  const clock = clockAt();
  let ended = false;
  clock.at(start + hour, async () => {
    await Promise.resolve();
    clock.busy(
      new Promise<void>((resume) =>
        setImmediate(() => {
          ended = true;
          resume();
        }),
      ),
    );
  });

  await clock.advance();

  expect(ended).toBe(true);
});

test('what a timer sets for the same instant runs in the same step', async () => {
  const clock = clockAt();
  const seen: string[] = [];
  clock.at(start + hour, () => {
    clock.at(clock.now(), () => seen.push('second'));
    seen.push('first');
  });

  await clock.advance();

  expect(seen).toEqual(['first', 'second']);
});

test('the clock does not jump while work is pending', async () => {
  const clock = clockAt();
  let finish = () => {};
  clock.busy(new Promise<void>((resume) => (finish = resume)));
  let fired = false;
  clock.at(start + hour, () => {
    fired = true;
  });

  const advanced = clock.advance();
  await new Promise((resume) => setImmediate(resume));
  expect(fired).toBe(false);

  finish();
  await advanced;
  expect(fired).toBe(true);
});

test('while all that is busy rests the clock goes on to what is due first, and tells who rested', async () => {
  const clock = clockAt();
  const finishes: (() => void)[] = [];
  for (const _ of [1, 2]) void clock.busy(new Promise<void>((resume) => finishes.push(resume)));
  const told: string[] = [];

  clock.rest(restUntil(start + 2 * hour, () => told.push('first')));
  expect(clock.now()).toBeLessThan(start + hour);
  clock.rest(restUntil(start + hour, () => told.push('second')));

  expect(told).toEqual(['first', 'second']);
  expect(clock.now()).toBeGreaterThanOrEqual(start + hour);
  expect(clock.now()).toBeLessThan(start + 2 * hour);
  for (const finish of finishes) finish();
});

test('who rests is not left behind by a timer, nor held up by one who goes on', async () => {
  const clock = clockAt();
  let finish = (): void => undefined;
  void clock.busy(new Promise<void>((resume) => (finish = resume)));
  const other = Promise.withResolvers<void>();
  void clock.busy(other.promise);
  const told = Promise.withResolvers<number>();
  const fired = Promise.withResolvers<number>();
  clock.at(start + hour, () => fired.resolve(clock.now()));

  const goOn = clock.rest(restUntil(start + 2 * hour, () => expect.unreachable()));
  goOn();
  clock.rest(restUntil(start + 2 * hour, () => told.resolve(clock.now())));
  expect(clock.now()).toBeLessThan(start + hour);
  other.resolve();

  for (const at of [await told.promise, await fired.promise]) {
    expect(at).toBeGreaterThanOrEqual(start + hour);
    expect(at).toBeLessThan(start + 2 * hour);
  }
  finish();
});

test('who waits for an answer rests only while the call is held, and is told of the time before it is answered', async () => {
  const clock = clockAt();
  let finish = (): void => undefined;
  void clock.busy(new Promise<void>((resume) => (finish = resume)));
  const order: string[] = [];
  const answered = Promise.withResolvers<number>();

  clock.rest(restUntil(start + 2 * hour, () => order.push('told'), [80]));
  expect(clock.now()).toBeLessThan(start + hour);
  const elsewhere = clock.hold(81);
  expect(clock.now()).toBeLessThan(start + hour);
  clock.at(start + hour, () => {
    order.push('answered');
    answered.resolve(clock.now());
  });
  clock.hold(80);

  expect(await answered.promise).toBeGreaterThanOrEqual(start + hour);
  expect(clock.now()).toBeLessThan(start + 2 * hour);
  expect(order).toEqual(['told', 'answered']);
  elsewhere();
  finish();
});

test('a call that one waits for does not stand for the call of another', () => {
  const clock = clockAt();
  for (const _ of [1, 2]) void clock.busy(new Promise<void>(() => undefined));
  for (const _ of [1, 2]) clock.rest(restUntil(start + hour, () => undefined, [80]));

  const first = clock.hold(80);
  first();
  first();
  clock.hold(80);
  expect(clock.now()).toBeLessThan(start + hour);
  clock.hold(80);

  expect(clock.now()).toBeGreaterThanOrEqual(start + hour);
});

test('where nothing is due, held calls do not move the clock', () => {
  const clock = clockAt();
  void clock.busy(new Promise<void>(() => undefined));
  clock.hold(80);
  clock.rest(restUntil(Number.POSITIVE_INFINITY, () => expect.unreachable(), [80]));

  expect(clock.now()).toBeLessThan(start + hour);
});

test('a timer that falls due while work is in progress fires in the midst of it', async () => {
  const clock = clockAt();

  const fired = new Promise<number>((resolve) => clock.at(start + 5, () => resolve(clock.now())));
  await clock.busy(fired);

  expect(await fired).toBeGreaterThanOrEqual(start + 5);
});

test('what a task throws comes out of advance', async () => {
  const clock = clockAt();
  clock.at(start + 1, () => {
    throw new Error('planted');
  });

  await expect(clock.advance()).rejects.toThrow('planted');
});

test('work that fails is the business of who awaits it, and ends being busy', async () => {
  const clock = clockAt();

  await expect(clock.busy(Promise.reject(new Error('planted')))).rejects.toThrow('planted');

  expect(await clock.advance()).toBe(false);
});

test('runUntil stops before a timer beyond its limit', async () => {
  const clock = clockAt();
  let fired = false;
  clock.at(start + 2 * hour, () => {
    fired = true;
  });

  expect(await clock.runUntil(() => false, start + hour)).toBe(false);

  expect(fired).toBe(false);
  expect(clock.now()).toBe(start);
});

test('a cancelled timer does not fire and is not jumped to', async () => {
  const clock = clockAt();
  const cancel = clock.at(start + hour, () => expect.unreachable());

  cancel();

  expect(await clock.advance()).toBe(false);
});

test('a timer between two milliseconds fires too', async () => {
  const clock = clockAt();
  let firedAt = 0;
  clock.at(start + 0.5, () => {
    firedAt = clock.now();
  });

  expect(await clock.advance()).toBe(true);
  expect(firedAt).toBeGreaterThanOrEqual(start + 1);
});

test('two callers of advance share one jump', async () => {
  const clock = clockAt();
  const seen: number[] = [];
  clock.at(start + hour, () => seen.push(1));
  clock.at(start + 2 * hour, () => seen.push(2));

  await Promise.all([clock.advance(), clock.advance()]);

  expect(seen).toEqual([1]);
});

test("in real mode timers fire by the machine's clock and there is no offset", async () => {
  const clock = clockAt({ mode: 'real' });
  const due = clock.now() + 3;
  let fired = false;
  clock.at(due, () => {
    fired = true;
  });

  while (!fired) await clock.advance();

  expect(clock.now()).toBeGreaterThanOrEqual(due);
  expect(clock.offsetMs).toBe(0);
});
