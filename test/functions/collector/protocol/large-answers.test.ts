import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Answer } from '../../../../functions/answer.ts';
import { compressAnswer } from '../../../../functions/collector/answers/decode-answer.ts';
import { largeSize } from '../../../../functions/collector/answers/large-size.ts';
import { createLargeAnswers } from '../../../../functions/collector/protocol/large-answers.ts';
import { SinkRefused } from '../../../../functions/collector/protocol/ports/sink.ts';
import { relayUnderTest, upTo } from './relay-under-test.ts';

const mebibyte = 1_024 * 1_024;

describe('large is an answer of more than 8 MiB, decompressed', () => {
  const packed = (size: number): Answer[] => {
    const text = Buffer.alloc(size, '{"n":1},');
    return [
      { received: text, encoding: 'identity' },
      { received: gzipSync(text), encoding: 'gzip' },
      compressAnswer({ received: text, encoding: 'identity' }),
    ];
  };

  test.each([
    [8 * mebibyte, 0],
    [8 * mebibyte + 1, 8 * mebibyte + 1],
  ])('of %i bytes, %i count', (size, counted) => {
    expect(packed(size).map(largeSize)).toEqual([counted, counted, counted]);
  });

  test('and one that does not tell, where it came as more than one', () => {
    const untold = (length: number): Answer => ({ received: Buffer.alloc(length), encoding: 'zstd' });

    expect(largeSize(untold(mebibyte))).toBe(0);
    expect(largeSize(untold(mebibyte + 1))).toBe(8 * (mebibyte + 1));
  });
});

test('answers have room as long as they fit, in the order in which it was asked for, and all of them in the end', async () => {
  const most = 100;
  const asked = fc.array(fc.record({ bytes: fc.integer({ min: 1, max: 150 }), turns: fc.nat(5) }), {
    maxLength: 30,
  });
  await fc.assert(
    fc.asyncProperty(asked, async (answers) => {
      const large = createLargeAnswers(most);
      let taken = 0;
      const entered: number[] = [];
      await Promise.all(
        answers.map(async ({ bytes, turns }, index) => {
          const giveBack = await large.room(bytes);
          entered.push(index);
          taken += Math.min(bytes, most);
          expect(taken).toBeLessThanOrEqual(most);
          for (let turn = 0; turn < turns; turn++) await Promise.resolve();
          taken -= Math.min(bytes, most);
          giveBack();
        }),
      );
      expect(entered).toEqual([...answers.keys()]);
    }),
  );
});

describe('a destination that throttles answers of 9 MiB to the end', () => {
  const batches = 3;
  const names = ['throttles', 's3'];

  function withLargeAnswers() {
    const text = 'x'.repeat((9 * mebibyte) / 1_000);
    const events = Array.from({ length: 1_000 * batches }, (_, n) => `{"n":${n},"text":"${text}"}`);
    const relay = relayUnderTest(events, names, undefined, { quotaBytesPerSecond: 8 * mebibyte });
    relay.sinks.throttles!.stored.answer = () =>
      new SinkRefused('slow down', { throttled: true, name: 'ServiceUnavailableException' });
    return relay;
  }

  test('delays no collect and no other destination in a run', async () => {
    const relay = withLargeAnswers();

    await relay.run({ batchSize: 1_000 });

    expect(relay.journal.stored.batches.size).toBe(batches);
    expect(relay.delivered('s3')).toEqual(upTo(1_000 * batches));
  });

  test('delays no other in a sweep', async () => {
    const relay = withLargeAnswers();
    const s3 = relay.sinks.s3!.stored;
    s3.answer = () => new SinkRefused('no', { throttled: false, name: 'InternalFailure' });
    await relay.run({ batchSize: 1_000 });
    s3.answer = () => undefined;

    await relay.sweep();

    expect(relay.delivered('s3')).toEqual(upTo(1_000 * batches));
  });
});
