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

test('answers have room as long as they fit, and whoever waits has each other before it once at most', async () => {
  const most = 100;
  const asked = fc.array(
    fc.array(fc.record({ bytes: fc.integer({ min: 1, max: 150 }), ticks: fc.nat(5) }), { maxLength: 8 }),
    { maxLength: 6 },
  );
  await fc.assert(
    fc.asyncProperty(asked, async (askers) => {
      const large = createLargeAnswers(most);
      let taken = 0;
      const entered: number[] = [];
      await Promise.all(
        askers.map(async (turns, asker) => {
          for (const { bytes, ticks } of turns) {
            const askedAt = entered.length;
            const giveBack = await large.room(bytes, `${asker}`);
            const before = entered.slice(askedAt);
            expect(new Set(before).size).toBe(before.length);
            entered.push(asker);
            taken += Math.min(bytes, most);
            expect(taken).toBeLessThanOrEqual(most);
            for (let tick = 0; tick < ticks; tick++) await Promise.resolve();
            taken -= Math.min(bytes, most);
            giveBack();
          }
        }),
      );
      expect(entered.length).toBe(askers.flat().length);
    }),
  );
});

test('the first turns are in the order given, whoever asks first', async () => {
  const large = createLargeAnswers(1, ['a', 'b', 'c']);
  const giveBack = await large.room(1, 'c');
  const entered: string[] = [];
  const asks = ['c', 'b', 'a'].map(async (asker) => {
    const giveItBack = await large.room(1, asker);
    entered.push(asker);
    giveItBack();
  });
  giveBack();
  await Promise.all(asks);

  expect(entered).toEqual(['a', 'b', 'c']);
});

const throttled = () =>
  new SinkRefused('slow down', { throttled: true, name: 'ServiceUnavailableException' });
const refused = () => new SinkRefused('no', { throttled: false, name: 'InternalFailure' });

interface Large {
  readonly batches: number;
  readonly capMiB: number;
  readonly quotaMiB?: number;
}

/** Answers of 9 MiB, under a cap on what an answer may be that makes them small or large beside the room for all. */
function withLargeAnswers(destinations: readonly string[], { batches, capMiB, quotaMiB = 8 }: Large) {
  const text = 'x'.repeat((9 * mebibyte) / 100);
  const events = Array.from({ length: 100 * batches }, (_, n) => `{"n":${n},"text":"${text}"}`);
  return relayUnderTest(
    events,
    destinations,
    undefined,
    { quotaBytesPerSecond: quotaMiB * mebibyte },
    { decompressedCapMiB: capMiB, batchSize: 100 },
  );
}

describe.each([
  { room: 'for several at once', capMiB: 64 },
  { room: 'for one at a time', capMiB: 16 },
])('with room $room, a destination that throttles answers of 9 MiB to the end', ({ capMiB }) => {
  const batches = 3;

  function withThrottling() {
    const relay = withLargeAnswers(['throttles', 's3'], { batches, capMiB });
    relay.sinks.throttles!.stored.answer = throttled;
    return relay;
  }

  test('delays no collect and no other destination in a run, and is not left', async () => {
    const relay = withThrottling();

    const report = await relay.run();

    expect(relay.journal.stored.batches.size).toBe(batches);
    expect(relay.delivered('s3')).toEqual(upTo(100 * batches));
    expect(report).toMatchObject({ left: { throttles: 'out-of-time' } });
  });

  test('delays no other in a sweep', async () => {
    const relay = withThrottling();
    const s3 = relay.sinks.s3!.stored;
    s3.answer = refused;
    await relay.run();
    s3.answer = () => undefined;

    const report = await relay.sweep();

    expect(relay.delivered('s3')).toEqual(upTo(100 * batches));
    expect(report.refusing).toEqual({});
  });
});

describe('a destination that takes something for 3 seconds of 20 of answers that fill the room', () => {
  function withSlowOne() {
    const relay = withLargeAnswers(['slow', 's3'], { batches: 2, capMiB: 16, quotaMiB: 1 });
    const { clock } = relay;
    const takes = () => (clock.now() % 20_000 < 3_000 ? undefined : throttled());
    relay.sinks.slow!.stored.answer = takes;
    return { relay, takes };
  }

  test('delays no other in a run, and goes on where it was: it gets no event twice', async () => {
    const { relay } = withSlowOne();
    let lastAt = 0;
    relay.sinks.s3!.stored.answer = () => {
      lastAt = relay.clock.now();
      return undefined;
    };
    const startedAt = relay.clock.now();

    await relay.run();

    expect(relay.delivered('s3')).toEqual(upTo(200));
    expect(lastAt - startedAt).toBeLessThan(60_000);
    expect(relay.delivered('slow')).toEqual(upTo(200));
  });

  test('delays no other in a sweep, and goes on where it was', async () => {
    const { relay, takes } = withSlowOne();
    const { slow, s3 } = relay.sinks;
    for (const sink of [slow!, s3!]) sink.stored.answer = refused;
    await relay.run();
    slow!.stored.answer = takes;
    s3!.stored.answer = () => undefined;

    await relay.sweep();

    expect(relay.delivered('s3')).toEqual(upTo(200));
    expect(relay.delivered('slow')).toEqual(upTo(200));
    expect(relay.state.stored.open.size).toBe(0);
  });
});

test('passes too short for one large answer of each destination bring each its share, wherever it stands', async () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f'];
  // A pass of 290 seconds brings five, one after the other.
  const relay = withLargeAnswers(names, { batches: 2, capMiB: 16, quotaMiB: 9 / 55 });
  for (const name of names) relay.sinks[name]!.stored.answer = refused;
  await relay.run();
  for (const name of names) relay.sinks[name]!.stored.answer = () => undefined;

  const done: number[][] = [];
  for (let pass = 0; pass < 3; pass++) {
    await relay.sweep();
    done.push((await relay.state.openRuns.listOpen()).flatMap((run) => names.map((name) => run.done[name]!)));
  }

  expect(done).toEqual([[1, 1, 1, 1, 1, 0], [2, 2, 2, 2, 1, 1], []]);
});
