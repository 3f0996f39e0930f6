import { expect, test } from 'vitest';
import type { Loss, StreamOutcome } from '../../../local/run/report.ts';
import { problemsOf } from '../../../local/run/show-result.ts';
import type { World } from '../../../local/world.ts';

const world = {
  streams: [{ name: 'admin', destinations: [] }],
  refusals: [],
  denials: [],
} as unknown as World;
const source = { fatesOf: () => new Map<string, string>() };
const reset = { cause: 'reset after consuming', batches: 1, allowed: true };

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
