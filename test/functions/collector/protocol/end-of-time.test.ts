import { expect, test } from 'vitest';
import { SinkRefused } from '../../../../functions/collector/protocol/ports/sink.ts';
import { numbered, type RelayUnderTest, relayUnderTest, upTo } from './relay-under-test.ts';

/** Nothing that is read from the journal comes, until whoever asked gives up. */
function hangReads({ journal }: RelayUnderTest): void {
  journal.get = (_, __, signal) =>
    new Promise((_, reject) => {
      signal?.addEventListener('abort', () => reject(signal.reason));
    });
}

test('a run whose journal does not answer a read records its end in time', async () => {
  const relay = relayUnderTest(numbered(100));
  const startedAt = relay.clock.now();
  const sink = relay.sinks.s3!;
  const put = sink.put.bind(sink);
  // So slow that the queue falls behind, and reads the journal.
  sink.put = async (records, signal) => {
    await relay.clock.sleep(10_000, signal);
    return put(records, signal);
  };
  hangReads(relay);

  const report = await relay.run();

  expect(relay.clock.now() - startedAt).toBeLessThan(300_000);
  expect(report).toMatchObject({
    record: { outcome: 'drained', lastNumber: 10 },
    left: { s3: 'out-of-time' },
  });
  expect(relay.state.stored.meta?.lease).toBeUndefined();
  expect([...relay.state.stored.open.values()]).toMatchObject([{ done: { s3: 1 }, lastNumber: 10 }]);
});

test('a pass whose journal does not answer a read still tells what waits, and takes it for no failure', async () => {
  const relay = relayUnderTest(numbered(20));
  relay.sinks.s3!.stored.answer = () => new SinkRefused('no', { throttled: false, name: 'InternalFailure' });
  await relay.run();
  const { get } = relay.journal;
  hangReads(relay);

  const report = await relay.sweep();

  expect(report.oldestUndeliveredMs).toBeGreaterThan(600_000);
  expect(report.error).toBeUndefined();
  relay.journal.get = get;
  relay.sinks.s3!.stored.answer = () => undefined;
  await relay.sweep();
  expect(relay.delivered('s3')).toEqual(upTo(20));
});
