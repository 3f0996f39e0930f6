import { expect, test } from 'vitest';
import { SinkRefused } from '../../../functions/collector/errors.ts';
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
  const open = relay.state.open.bind(relay.state);
  relay.state.open = async (run) => {
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
