import { expect, test } from 'vitest';
import { watchInvocations } from '../../../local/run/invocations.ts';
import type { Loss, Report, StreamOutcome } from '../../../local/run/report.ts';
import { problemsOf, showResult } from '../../../local/run/show-result.ts';
import type { World } from '../../../local/world.ts';
import { inSilence } from './in-silence.ts';

const world = {
  streams: [{ name: 'admin', destinations: [] }],
  refusals: [],
  denials: [],
} as unknown as World;
const source = { fatesOf: () => new Map<string, string>() };
const reset = { cause: 'reset after consuming', batches: 1, allowed: true, ids: ['a', 'b'] };

test('what was lost before the journal may be missing', () => {
  expect(problemsOf([missingTwo([{ ...reset, events: 2 }])], { world, source })).toEqual([]);
});

test.each([
  ['no loss', []],
  ['only one of its losses', [{ ...reset, events: 1 }]],
  ['a loss that may not be', [{ ...reset, events: 2, allowed: false }]],
])('what %s explains is a problem', (_, losses) => {
  expect(problemsOf([missingTwo(losses)], { world, source })).toEqual([
    'admin (relay-admin) at s3: 2 of 10 events missing: 2 never journaled',
    '  first: a b',
  ]);
});

test('each loss is printed with its cause and its first events', () => {
  const stdout: string[] = [];
  const stream = { isTTY: false, write: (text: string | Uint8Array) => stdout.push(String(text)) > 0 };
  const code = showResult([missingTwo([{ ...reset, events: 2 }])], {
    world,
    source,
    context: { ...inSilence().context, stdout: stream },
    invocations: watchInvocations(),
    elapsedMs: 1,
    out: 'out',
    json: true,
  });
  expect(code).toBe(0);
  const text = stdout.join('');
  expect(text).toContain('  2 lost: reset after consuming\n    first: a b\n');
  const { streams } = JSON.parse(text.trimEnd().split('\n').at(-1)!) as Report;
  expect(streams[0]!.losses).toEqual([{ ...reset, events: 2 }]);
});

function missingTwo(losses: readonly Loss[]): StreamOutcome {
  const figures = { delivered: 8, missing: 2, duplicates: 0, quarantined: 0 };
  const missingEvents = ['a', 'b'].map((id) => ({ id, journaled: false }));
  const destination = { ...figures, name: 's3', kind: 's3', altered: 0, foreign: 0, missingEvents };
  return {
    name: 'admin',
    id: 'relay-admin',
    type: 'admin',
    generatedKnown: true,
    collected: { batches: 1, sourceBytes: 100 },
    accepted: {},
    comparison: {
      ...figures,
      generated: 10,
      collected: 8,
      destinations: [{ ...destination, longestWaitMs: undefined }],
    },
    ordeal: { swept: 0, possibleLoss: 1, losses },
  };
}
