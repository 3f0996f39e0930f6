import { expect, test } from 'vitest';
import { readEmfLine } from '../../metrics/emf.ts';

const now = Date.UTC(2026, 2, 2, 8);

test('a document gives a sample for each metric, value and set of dimensions', () => {
  const line = document({ EventsCollected: [3, 4], EventLag: 0 });

  expect(readEmfLine(line, now).map(({ metric, ...sample }) => [metric.name, sample])).toEqual([
    ['EventsCollected', { time: now, value: 3, unit: 'Count' }],
    ['EventsCollected', { time: now, value: 4, unit: 'Count' }],
    ['EventLag', { time: now, value: 0, unit: 'Count' }],
  ]);
  expect(readEmfLine(line, now)[0]?.metric).toEqual({
    namespace: 'MosaicSiemRelay',
    name: 'EventsCollected',
    dimensions: { Stage: 'dev', Stream: 'cis' },
  });
});

test('lines that are no documents give nothing', () => {
  for (const line of ['started', '', '{', '{"level":"INFO","message":"ended"}', 'null', '[]'])
    expect(readEmfLine(line, now)).toEqual([]);
});

test.each<[string, string, RegExp]>([
  ['a metric without a value', document({ A: undefined }), /metric A has no number/],
  ['a value that is a text', document({ A: '1' }), /metric A has no number/],
  ['more than 100 values', document({ A: Array(101).fill(1) }), /101 values/],
  ['a dimension without a text', document({ A: 1, Stream: 5 }), /dimension Stream/],
  ['an unknown unit', document({ A: 1 }, { unit: 'Events' }), /Unit/],
  ["a namespace of AWS's", document({ A: 1 }, { namespace: 'AWS/Lambda' }), /Namespace/],
  ['a document of three weeks ago', document({ A: 1 }, { time: now - 21 * 86_400_000 }), /14 days/],
  ['a document of tomorrow', document({ A: 1 }, { time: now + 86_400_000 }), /2 hours/],
  ['a document without directives', JSON.stringify({ _aws: { Timestamp: now } }), /CloudWatchMetrics/],
])('%s is refused, and says so', (_, line, problem) => {
  expect(() => readEmfLine(line, now)).toThrow(problem);
});

function document(
  members: Readonly<Record<string, unknown>>,
  { unit = 'Count', namespace = 'MosaicSiemRelay', time = now } = {},
): string {
  const names = Object.keys(members).filter((name) => name !== 'Stream');
  const directive = {
    Namespace: namespace,
    Dimensions: [['Stage', 'Stream']],
    Metrics: names.map((name) => ({ Name: name, Unit: unit })),
  };
  return JSON.stringify({
    _aws: { Timestamp: time, CloudWatchMetrics: [directive] },
    Stage: 'dev',
    Stream: 'cis',
    ...members,
  });
}
