import { zstdDecompressSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CollectOutcome } from '../../functions/mosaic/collect-outcome.ts';
import type { JournaledBatch } from '../../functions/stored/journaled-batch.ts';
import { type RelayUnderTest, relayUnderTest } from '../functions/collector/protocol/relay-under-test.ts';
import { capBytes, mutatedAnswer, worthOf } from './mutated-answer.ts';

const mebibyte = 1024 * 1024;

const destinations = ['s3', 'splunk'];

/** Answers them one after the other, a millisecond apart, so that each batch is told by its `collected_at`. */
async function feed(answers: readonly CollectOutcome[]): Promise<RelayUnderTest> {
  const relay = relayUnderTest([], destinations);
  const { script } = relay.source.stored;
  for (const answer of answers) {
    script.push(() => {
      relay.clock.set(relay.clock.now() + 1);
      return answer;
    });
  }
  for (let runs = 0; script.length > 0; runs++) {
    const before = script.length;
    const report = await relay.run({ decompressedCapMiB: capBytes / mebibyte });
    // A run that failed without taking anything would fail in the same way for ever.
    expect(report.kind).toBe('ended');
    expect(script.length).toBeLessThan(before);
    expect(runs).toBeLessThan(answers.length);
    relay.clock.set(relay.clock.now() + 1_000);
  }
  await relay.run({ decompressedCapMiB: capBytes / mebibyte });
  await relay.sweep();
  return relay;
}

function receivedAs({ answer }: JournaledBatch, sent: Uint8Array): boolean {
  const same = (bytes: Uint8Array) => Buffer.compare(bytes, sent) === 0;
  return same(answer.received) || (answer.encoding === 'zstd' && same(zstdDecompressSync(answer.received)));
}

function linesOf(relay: RelayUnderTest, name: string, { collectedAt }: JournaledBatch): number {
  const mark = `"collected_at":"${new Date(collectedAt).toISOString()}"`;
  return relay.sinks[name]!.stored.records.reduce(
    (sum, record) => sum + Buffer.from(record).toString('latin1').split(mark).length - 1,
    0,
  );
}

test('whatever an answer is, it is journaled as received, and delivered whole or quarantined whole', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(mutatedAnswer, { minLength: 1, maxLength: 5 }), async (answers) => {
      const relay = await feed(answers);

      const batches = [...relay.journal.stored.batches.values()];
      const worth = answers.filter((answer) => worthOf(answer) !== 'nothing');
      expect(batches).toHaveLength(worth.length);
      for (const [place, batch] of batches.entries()) {
        const answer = worth[place]!;
        const sent = answer.kind === 'answer' ? answer.answer : answer.kind === 'unknown' && answer.partial;
        expect(sent && receivedAs(batch, sent.received)).toBe(true);
        const aside = [...relay.journal.stored.quarantine.values()].filter(
          (entry) => entry.collectedAt === batch.collectedAt,
        );
        const events = worthOf(answer);
        if (events === 'damaged') {
          expect(aside).toHaveLength(1);
          expect(aside[0]!.index).toBeUndefined();
          expect(aside[0]!.bytes).toEqual(batch.answer.received);
        } else expect(aside).toEqual([]);
        for (const name of destinations)
          expect(linesOf(relay, name, batch)).toBe(events === 'damaged' ? 0 : events);
      }
      expect(relay.state.stored.open.size).toBe(0);
    }),
    { seed: 20260301, numRuns: 600, interruptAfterTimeLimit: 10_000 },
  );
});
