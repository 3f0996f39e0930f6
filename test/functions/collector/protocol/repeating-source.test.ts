import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRepeatWatch, fingerprintOf } from '../../../../functions/collector/protocol/repeat-watch.ts';
import { answered } from '../../../contracts/memory-source.ts';
import { type RelayUnderTest, relayUnderTest } from './relay-under-test.ts';

/** Whether each of these answers ends the run. */
function ends(answers: readonly string[]): readonly boolean[] {
  const watch = createRepeatWatch();
  return answers.map((text) => watch.saw(fingerprintOf(Buffer.from(text))));
}

describe('the fifth equal answer in a row, and no other, ends a run', () => {
  test.each([
    [['a', 'a', 'a', 'a', 'a'], 4],
    [['b', 'a', 'a', 'a', 'a', 'a'], 5],
    [['a', 'a', 'a', 'a', 'b', 'a', 'a', 'a', 'a', 'b'], undefined],
    [['a', 'b', 'a', 'b', 'a', 'b', 'a', 'b', 'a', 'b'], undefined],
    [['a', 'ab', 'a', 'ab', 'abc'], undefined],
  ])('%j', (answers, at) => {
    expect(ends(answers).indexOf(true)).toBe(at ?? -1);
  });

  test('whatever the answers are', () => {
    const answers = fc.array(fc.constantFrom('a', 'b', '', 'aa'), { maxLength: 60 });
    fc.assert(
      fc.property(answers, (texts) => {
        const expected = texts.map(
          (text, at) => at >= 4 && texts.slice(at - 4, at).every((one) => one === text),
        );
        expect(ends(texts)).toEqual(expected);
      }),
    );
  });
});

/** A source that answers without end, each answer in memory that it takes back. */
function answering(
  text: (ask: number) => string,
  encoding: 'identity' | 'gzip',
  destinations: readonly string[] = ['s3'],
): RelayUnderTest {
  const relay = relayUnderTest([], destinations);
  const { source } = relay;
  source.collect = async (request) => {
    const ask = source.stored.requests.push(request) - 1;
    await relay.clock.sleep(3_000, request.signal);
    const plain = Buffer.from(text(ask));
    // Stored and not compressed, so that answers of one length stay so.
    const received = encoding === 'gzip' ? gzipSync(plain, { level: 0 }) : plain;
    return { kind: 'answer', answer: { received, encoding }, release: () => received.fill(0x21) };
  };
  return relay;
}

test.each(['identity', 'gzip'] as const)(
  'a source that gives one answer without end is asked five times a run (%s)',
  async (encoding) => {
    const relay = answering(() => '[{"n":1},{"n":2}]', encoding);

    const report = await relay.run();

    expect(report).toMatchObject({
      error: { code: 'SourceRepeats' },
      record: { outcome: 'failed', batches: 5, caution: false },
      counters: { sourceRepeats: 1, possibleLoss: 0 },
    });
    expect(relay.delivered('s3')).toHaveLength(10);
    expect(relay.state.stored.open.size).toBe(0);
  },
);

test('answers that differ in a digit, at one length, do not repeat, also where their memory is used again at once', async () => {
  for (const destinations of [['s3'], []]) {
    const relay = answering((ask) => `[{"n":${100_000 + ask}}]`, 'gzip', destinations);

    expect(await relay.run({ collectTimeout: 200 })).toMatchObject({
      record: { outcome: 'out-of-time' },
    });
  }
});

test('empty answers in between begin nothing anew', async () => {
  const relay = relayUnderTest([]);
  for (let ask = 0; ask < 20; ask++)
    relay.source.stored.script.push(answered(ask % 2 === 0 ? ['{"n":1}'] : []));

  expect(await relay.run()).toMatchObject({ error: { code: 'SourceRepeats' }, record: { batches: 5 } });
});
