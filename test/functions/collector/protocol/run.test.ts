import { describe, expect, test } from 'vitest';
import { SinkRefused } from '../../../../functions/collector/protocol/ports/sink.ts';
import type { RunReport } from '../../../../functions/collector/protocol/run-report.ts';
import type { CollectOutcome } from '../../../../functions/mosaic/collect-outcome.ts';
import { answered, identity } from '../../../contracts/memory-source.ts';
import { numbered, relayUnderTest, upTo } from './relay-under-test.ts';

const refused = (throttled: boolean) =>
  new SinkRefused('no', { throttled, name: throttled ? 'ServiceUnavailableException' : 'InternalFailure' });

function ended(report: RunReport): Extract<RunReport, { kind: 'ended' }> {
  if (report.kind !== 'ended') throw new Error(`the run was an ${report.kind}`);
  return report;
}

test('a run delivers everything in order and leaves no open record', async () => {
  const relay = relayUnderTest(numbered(25));

  const report = ended(await relay.run());

  expect(report.record).toMatchObject({ outcome: 'drained', batches: 3, events: 25, lastNumber: 3 });
  expect(relay.delivered('s3')).toEqual(upTo(25));
  expect(relay.state.stored.open.size).toBe(0);
  expect([...relay.state.stored.records.values()]).toMatchObject([{ destinations: ['s3'] }]);
  expect(relay.state.stored.meta?.lease).toBeUndefined();
});

test('an answer is in the journal before Mosaic is asked for the next', async () => {
  const relay = relayUnderTest(numbered(20));
  const journaledAtCollect: number[] = [];
  for (let i = 0; i < 4; i++) {
    relay.source.stored.script.push(() => {
      journaledAtCollect.push(relay.journal.stored.batches.size);
      return undefined;
    });
  }

  await relay.run();

  expect(journaledAtCollect).toEqual([0, 1, 2, 2]);
});

test('the memory of each answer is given back once every destination has read it', async () => {
  const relay = relayUnderTest(numbered(45), ['s3', 'splunk', 'gone']);
  relay.sinks.splunk!.stored.answer = (records) =>
    relay.sinks.splunk!.stored.calls === 2 ? records.map(() => 'InternalFailure') : undefined;
  relay.sinks.gone!.stored.answer = () => refused(false);

  await relay.run();

  // Five batches and the two empty answers after them.
  expect(relay.source.stored.released).toBe(7);
  expect(relay.delivered('s3')).toEqual(upTo(45));
  expect(relay.delivered('splunk')).toEqual(upTo(45));
});

test('the memory of an answer that S3 took at the second attempt is left alone', async () => {
  const relay = relayUnderTest(numbered(10));
  let puts = 0;
  relay.journal.stored.refuse = (write) => (write === 'put' && ++puts === 1 ? new Error('reset') : undefined);

  await relay.run();

  expect(relay.source.stored.released).toBe(0);
  expect(relay.delivered('s3')).toEqual(upTo(10));
});

test('one empty answer is not drained while more events wait', async () => {
  const relay = relayUnderTest(numbered(12));
  relay.source.stored.script.push(() => answered([]));

  await relay.run();

  expect(relay.delivered('s3')).toHaveLength(12);
});

test('a short answer is not drained while more events wait', async () => {
  const relay = relayUnderTest(numbered(25));
  relay.source.stored.script.push((_, queue) => answered(queue.splice(0, 3)));

  const report = ended(await relay.run());

  expect(report.record).toMatchObject({ outcome: 'drained', shortAnswers: 2, fullAnswers: 2 });
  expect(relay.delivered('s3')).toEqual(upTo(25));
});

test('a second run while the first holds the lease ends as overlap and collects nothing', async () => {
  const relay = relayUnderTest(numbered(5));
  await relay.state.meta.acquireLease({
    run: 'other',
    startedAt: relay.clock.now(),
    now: relay.clock.now(),
    until: relay.clock.now() + 1,
  });

  const report = await relay.run();

  expect(report.kind).toBe('overlap');
  expect(relay.source.stored.requests).toHaveLength(0);
});

test('a run after one that never ended counts a possible loss, probes the journal and asks for 10 events first', async () => {
  const relay = relayUnderTest(numbered(150));
  const now = relay.clock.now();
  await relay.state.meta.acquireLease({ run: 'killed', startedAt: now - 10, now: now - 10, until: now - 1 });

  const report = ended(await relay.run({ batchSize: 100 }));

  expect(report.counters.possibleLoss).toBe(1);
  expect(relay.journal.stored.probes).toBe(1);
  expect(relay.source.stored.requests.slice(0, 3).map(({ batchSize }) => batchSize)).toEqual([10, 20, 40]);
});

test('a cautious run whose probe is refused collects nothing', async () => {
  const relay = relayUnderTest(numbered(5));
  const now = relay.clock.now();
  await relay.state.meta.acquireLease({ run: 'killed', startedAt: now - 10, now: now - 10, until: now - 1 });
  relay.journal.stored.refuse = (write) => (write === 'probe' ? new Error('no') : undefined);

  const report = ended(await relay.run());

  expect(report.error?.code).toBe('JournalRefused');
  expect(relay.source.stored.requests).toHaveLength(0);
});

test('an unknown outcome is counted, ends the run, and makes the next one cautious', async () => {
  const relay = relayUnderTest(numbered(30));
  const timeout: CollectOutcome = { kind: 'unknown', reason: 'timeout', message: 'no answer in 60 s.' };
  relay.source.stored.script.push(() => undefined, timeout);

  const first = ended(await relay.run());
  expect(first.error?.code).toBe('OutcomeUnknown');
  expect(first.counters.possibleLoss).toBe(1);
  expect(relay.source.stored.requests).toHaveLength(2);

  const second = ended(await relay.run());
  expect(relay.journal.stored.probes).toBe(1);
  expect(second.counters.possibleLoss).toBe(0);
  expect(relay.delivered('s3')).toEqual(upTo(30));
});

test('a body cut off half-way is journaled as received and quarantined with the reason', async () => {
  const relay = relayUnderTest([]);
  relay.source.stored.script.push({
    kind: 'unknown',
    reason: 'cut-off',
    partial: identity('[{"n":0},{"n'),
    message: 'the body ended early.',
  });

  await relay.run();

  expect(relay.journal.stored.batches.size).toBe(1);
  expect([...relay.journal.stored.quarantine.values()].map(({ reason }) => reason)).toEqual(['cut-off']);
});

test('429 is waited for, as long as Retry-After says, and nothing is missing', async () => {
  const relay = relayUnderTest(numbered(5));
  const before = relay.clock.now();
  relay.source.stored.script.push({
    kind: 'nothing-consumed',
    reason: 'throttled',
    status: 429,
    retryAfterMs: 7_000,
    message: '',
  });

  const report = ended(await relay.run());

  expect(report.record.outcome).toBe('drained');
  expect(relay.clock.now() - before).toBeGreaterThanOrEqual(7_000);
  expect(relay.delivered('s3')).toHaveLength(5);
});

test('a missing stream is reopened once and counted; missing again, the run fails', async () => {
  const relay = relayUnderTest([]);
  const missing: CollectOutcome = {
    kind: 'nothing-consumed',
    reason: 'stream-missing',
    status: 404,
    message: 'Gone.',
  };
  relay.source.stored.script.push(missing, missing);

  const report = ended(await relay.run());

  expect(relay.source.stored.reopened).toBe(1);
  expect(report.counters.streamReopened).toBe(1);
  expect(report.error?.code).toBe('StreamMissing');
});

test('when S3 refuses once, the batch is journaled by a retry and nothing more is collected', async () => {
  const relay = relayUnderTest(numbered(30));
  let refusals = 1;
  relay.journal.stored.refuse = (write) => (write === 'put' && refusals-- > 0 ? new Error('503') : undefined);

  const report = ended(await relay.run());

  expect(report.error?.code).toBe('JournalRefused');
  expect(report.counters.possibleLoss).toBe(0);
  expect(relay.source.stored.requests).toHaveLength(1);
  expect(relay.delivered('s3')).toEqual(upTo(10));
  expect(relay.state.stored.open.size).toBe(0);
});

test('when S3 refuses to the end, Firehose gets the batch as a counted last resort and OPEN stays', async () => {
  const relay = relayUnderTest(numbered(30));
  relay.journal.stored.refuse = (write) => (write === 'put' ? new Error('503') : undefined);

  const report = ended(await relay.run());

  expect(report.counters).toMatchObject({ lastResort: 1, possibleLoss: 0 });
  expect(relay.delivered('s3')).toEqual(upTo(10));
  expect(relay.state.stored.open.size).toBe(1);
  expect([...relay.state.stored.open.values()][0]!.sealAfter).toBeGreaterThan(relay.clock.now());
});

test('two answers in a row that are no array end the run, both quarantined as received', async () => {
  const relay = relayUnderTest(numbered(5));
  const html: CollectOutcome = { kind: 'answer', answer: identity('<html>') };
  relay.source.stored.script.push(html, html);

  const report = ended(await relay.run());

  expect(report.error?.code).toBe('AnswerNotArray');
  expect(relay.journal.stored.batches.size).toBe(2);
  expect(relay.journal.stored.quarantine.size).toBe(2);
});

test('refused records alone are sent again', async () => {
  const relay = relayUnderTest(numbered(10));
  let calls = 0;
  relay.sinks.s3!.stored.answer = () => (calls++ === 0 ? ['ServiceUnavailableException'] : undefined);

  const report = ended(await relay.run());

  expect(report.counters.recordsRefused).toBe(1);
  expect(relay.delivered('s3')).toEqual(upTo(10));
});

test("a destination that refuses delays no other, and its rest is the sweep's", async () => {
  const relay = relayUnderTest(numbered(50), ['s3', 'splunk']);
  relay.sinks.splunk!.stored.answer = () => refused(false);

  const report = ended(await relay.run());

  expect(report.record.outcome).toBe('drained');
  expect(report.left).toEqual({ splunk: 'InternalFailure' });
  expect(relay.delivered('s3')).toEqual(upTo(50));

  relay.sinks.splunk!.stored.answer = () => undefined;
  const swept = await relay.sweep();
  expect(swept.counters.swept).toBe(5);
  expect(relay.delivered('s3')).toEqual(upTo(50));
  expect(relay.delivered('splunk')).toEqual(upTo(50));
  expect(relay.state.stored.open.size).toBe(0);
});

/** A relay whose stream replaced `old`, which answers as scripted after the two empty answers of its own. */
async function withRetiring(retiring: { readonly since: number; readonly emptySince?: number }) {
  const relay = relayUnderTest(numbered(3));
  await relay.run();
  const meta = relay.state.stored.meta!;
  relay.state.stored.meta = { ...meta, retiring: [{ streamId: 'old', ...retiring }] };
  relay.source.stored.reopen = () => ({ kind: 'not-ours', message: 'It is retiring.' });
  return relay;
}

test('a replaced stream is retired when it is gone by 404, and not by 403', async () => {
  for (const [reason, status, left] of [
    ['stream-missing', 404, 0],
    ['not-started', 403, 1],
  ] as const) {
    const relay = await withRetiring({ since: 0 });
    relay.source.stored.script.push(answered([]), answered([]), {
      kind: 'nothing-consumed',
      reason,
      status,
      message: 'Gone.',
    });

    await relay.run();

    expect(relay.state.stored.meta?.retiring, reason).toHaveLength(left);
  }
});

test('a replaced stream is read until drained runs on different ticks have found it empty for a day', async () => {
  const relay = await withRetiring({ since: 0 });
  const hour = 3_600_000;
  await relay.run();
  expect(relay.state.stored.meta?.retiring).toMatchObject([{ emptySince: expect.any(Number) }]);

  // Mosaic answers empty while a backlog exists: 20 hours later the rest comes.
  relay.clock.set(relay.clock.now() + 20 * hour);
  relay.source.stored.script.push(answered([]), answered([]), answered(['{"n":3}']));
  await relay.run();
  expect(relay.delivered('s3')).toEqual(upTo(4));
  expect(relay.state.stored.meta?.retiring[0]).not.toHaveProperty('emptySince');

  for (const waited of [5, 23]) {
    relay.clock.set(relay.clock.now() + waited * hour);
    await relay.run();
    expect(relay.state.stored.meta?.retiring).toHaveLength(1);
  }
  relay.clock.set(relay.clock.now() + 2 * hour);
  await relay.run();
  expect(relay.state.stored.meta?.retiring).toEqual([]);
});

test('the last resort sends what it can before it fails at an event that is too large, and counts the loss', async () => {
  const large = `{"n":1,"text":"${'x'.repeat(1_100_000)}"}`;
  const relay = relayUnderTest(['{"n":0}', large, '{"n":2}'], ['s3', 'splunk']);
  relay.journal.stored.refuse = (write) => (write === 'probe' ? undefined : new Error('503'));

  const report = ended(await relay.run());

  expect(relay.delivered('s3')).toEqual([0, 2]);
  expect(relay.delivered('splunk')).toEqual([0, 2]);
  expect(report.counters.possibleLoss).toBe(1);
  expect(relay.state.stored.open.size).toBe(1);
});

test('a run with no time for even one collect asks for nothing, and is no success', async () => {
  const relay = relayUnderTest(numbered(5));

  const report = ended(await relay.run({ collectTimeout: 280 }));

  expect(report.error?.code).toBe('NoTimeToCollect');
  expect(relay.source.stored.requests).toEqual([]);
  expect(relay.state.stored.open.size).toBe(0);
});

describe('a run whose time is up before Mosaic has answered at all fails with what kept it waiting', () => {
  const notConsumed = (
    reason: 'not-sent' | 'stream-missing' | 'throttled',
    retryAfterMs?: number,
  ): CollectOutcome => ({
    kind: 'nothing-consumed',
    reason,
    retryAfterMs,
    message: 'no.',
  });

  test.each([
    ['MosaicUnreachable', 80_000, notConsumed('not-sent')],
    ['StreamMissing', 210_000, notConsumed('stream-missing')],
    ['MosaicThrottled', 160_000, notConsumed('throttled', 50_000)],
  ])('%s', async (code, tookMs, outcome) => {
    const relay = relayUnderTest(numbered(5));
    const slowly = () => {
      relay.clock.set(relay.clock.now() + tookMs);
      return outcome;
    };
    relay.source.stored.script.push(slowly, slowly, slowly, slowly);

    expect(ended(await relay.run()).error?.code).toBe(code);
    expect(relay.source.stored.reopened).toBe(0);
  });

  test('but one that has collected leaves the rest to the next', async () => {
    const relay = relayUnderTest(numbered(25));
    relay.source.stored.script.push(
      () => undefined,
      () => {
        relay.clock.set(relay.clock.now() + 210_000);
        return notConsumed('stream-missing');
      },
    );

    expect(ended(await relay.run()).record.outcome).toBe('out-of-time');
  });
});
