import { expect, test } from 'vitest';
import { SinkRefused } from '../../../../functions/collector/protocol/ports/sink.ts';
import { numbered, type RelayUnderTest, relayUnderTest, upTo } from './relay-under-test.ts';

const forgotten = 6_000;

/** A journal of thousands of runs that a table has lost, whose writes take 50 ms, and one run that it knows. */
async function withForgottenRuns(): Promise<RelayUnderTest> {
  const relay = relayUnderTest(numbered(10));
  relay.sinks.s3!.stored.answer = () => new SinkRefused('no', { throttled: false, name: 'InternalFailure' });
  await relay.run();
  relay.sinks.s3!.stored.answer = () => undefined;
  const runs = Array.from({ length: forgotten }, (_, n) => `forgotten-${n}`);
  const runsOn = relay.journal.runsOn.bind(relay.journal);
  relay.journal.runsOn = async (day) => [...(await runsOn(day)), ...runs];
  const open = relay.state.openRuns.open.bind(relay.state);
  relay.state.openRuns.open = async (run) => {
    await relay.clock.sleep(50, new AbortController().signal);
    return open(run);
  };
  return relay;
}

test('a pass that reopens thousands of runs delivers all the same', async () => {
  const relay = await withForgottenRuns();

  const report = await relay.sweep();

  expect(report.reopened).toBe(forgotten);
  expect(relay.delivered('s3')).toEqual(upTo(10));
});

test('an audit that takes longer than a pass is ended by the next ones, none of which outlives its time', async () => {
  const relay = await withForgottenRuns();
  let reopened = 0;
  let passes = 0;
  while (relay.state.stored.meta?.auditedAt === undefined && passes < 10) {
    const endsAt = relay.clock.now() + 11 * 60_000 + 25_000;
    ({ reopened } = await relay.sweep(undefined, undefined, undefined, 25_000));
    passes += 1;
    expect(relay.clock.now()).toBeLessThan(endsAt);
    expect(reopened).toBeGreaterThan(0);
  }

  expect(passes).toBeGreaterThan(1);
  expect(relay.state.stored.open.size + relay.state.stored.records.size).toBeGreaterThanOrEqual(forgotten);
});

/** Of a journal of 400 days a table knows one run; a listing of its `OPEN` items, and one of a day, take so long. */
async function withLongJournal({ openMs, dayMs }: { readonly openMs: number; readonly dayMs: number }) {
  const relay = await withForgottenRuns();
  const { clock, journal, state } = relay;
  const never = new AbortController().signal;
  const now = clock.now();
  journal.days = async () =>
    Array.from({ length: 400 }, (_, n) => new Date(now - (399 - n) * 86_400_000).toISOString().slice(0, 10));
  journal.runsOn = async (day) => {
    await clock.sleep(dayMs, never);
    return [`forgotten-${day}`];
  };
  const listOpen = state.openRuns.listOpen.bind(state);
  state.openRuns.listOpen = async () => {
    await clock.sleep(openMs, never);
    return listOpen();
  };
  return relay;
}

test('an audit of a long journal lists OPEN a few times, however many days there are', async () => {
  const relay = await withLongJournal({ openMs: 4_000, dayMs: 15 });

  const report = await relay.sweep();

  expect(report.reopened).toBe(400);
  expect(relay.state.stored.meta?.auditedAt).toBeDefined();
  expect(relay.delivered('s3')).toEqual(upTo(10));
});

test('an audit that only looks, and finds nothing forgotten, leaves time to deliver, too', async () => {
  const relay = await withLongJournal({ openMs: 15, dayMs: 10_000 });
  relay.state.openRuns.open = async () => undefined;
  const startedAt = relay.clock.now() + 11 * 60_000;

  const report = await relay.sweep();

  expect(report.error).toBeUndefined();
  expect(relay.clock.now() - startedAt).toBeLessThan(300_000);
  expect(relay.delivered('s3')).toEqual(upTo(10));
});
