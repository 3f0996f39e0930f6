import { expect, test } from 'vitest';
import { SinkRefused } from '../../../../functions/collector/protocol/ports/sink.ts';
import { numbered, type RelayUnderTest, relayUnderTest, upTo } from './relay-under-test.ts';

const destinations = ['s3', 'splunk'];

/** Three batches are journaled, and no PUT is taken from the fourth on. */
function withJournalRefusing(): RelayUnderTest {
  const relay = relayUnderTest(numbered(40), destinations);
  relay.journal.stored.refuse = (write) =>
    write === 'put' && relay.journal.stored.batches.size >= 3 ? new Error('503') : undefined;
  return relay;
}

/** Refuses its first calls for so long. */
function refuseFor(relay: RelayUnderTest, name: string, durationMs: number): void {
  const until = relay.clock.now() + durationMs;
  relay.sinks[name]!.stored.answer = () =>
    relay.clock.now() < until
      ? new SinkRefused('no', { throttled: false, name: 'InternalFailure' })
      : undefined;
}

test('the last resort also goes to a destination that was left earlier in the run', async () => {
  const relay = withJournalRefusing();
  // Longer than a run is patient with one batch, and over when S3 has been asked to the end.
  refuseFor(relay, 'splunk', 60_000);

  const report = await relay.run();

  expect(report).toMatchObject({
    counters: { lastResort: 1, possibleLoss: 0 },
    left: { splunk: 'InternalFailure' },
  });
  expect(relay.delivered('s3')).toEqual(upTo(40));
  expect(relay.delivered('splunk')).toEqual([30, 31, 32, 33, 34, 35, 36, 37, 38, 39]);
});

test('what it skipped is delivered by the sweep, and the batch that is not in the journal is never recorded', async () => {
  const relay = withJournalRefusing();
  refuseFor(relay, 'splunk', 60_000);
  await relay.run();
  expect([...relay.state.stored.open.values()]).toMatchObject([
    { done: { s3: 3, splunk: 0 }, lastNumber: 3 },
  ]);

  await relay.sweep();

  expect(new Set(relay.delivered('splunk'))).toEqual(new Set(upTo(40)));
  expect(relay.state.stored.open.size).toBe(0);
});

test('a last resort that one destination refuses to the end is told as a possible loss', async () => {
  const relay = withJournalRefusing();
  refuseFor(relay, 'splunk', 3_600_000);

  const report = await relay.run();

  expect(report).toMatchObject({ counters: { lastResort: 1, possibleLoss: 1 } });
  expect(relay.told()).toBe(1);
  expect(relay.delivered('s3')).toEqual(upTo(40));
});

test('a PUT that lands after the last resort is found when the run is sealed, and delivered twice at worst', async () => {
  const relay = withJournalRefusing();
  await relay.run();
  const [third] = [...relay.journal.stored.batches.values()].slice(-1);
  relay.journal.stored.refuse = () => undefined;
  await relay.journal.put({ ...third!, number: 4 }, new AbortController().signal);

  const report = await relay.sweep();

  expect(report.counters.swept).toBe(2);
  expect(relay.state.stored.open.size).toBe(0);
});
