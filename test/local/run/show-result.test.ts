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

test('events that were lost before the journal may be missing', () => {
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

test('a batch that was lost and not told is a problem, unless the table was put back to before', () => {
  const untold = (forgotten?: number) => {
    const outcome = missingTwo([{ ...reset, events: 2, ...(forgotten && { forgotten }) }]);
    return problemsOf([{ ...outcome, ordeal: { ...outcome.ordeal!, possibleLoss: 0 } }], { world, source });
  };
  expect(untold()).toEqual(['admin: 1 batches were lost, and a possible loss was told 0 times']);
  expect(untold(1)).toEqual([]);
});

test('each loss is printed with its cause and its first events', () => {
  const { code, text } = shown(missingTwo([{ ...reset, events: 2 }]));
  expect(code).toBe(0);
  expect(text).toContain('  2 lost: reset after consuming\n    first: a b\n');
  const { streams } = JSON.parse(text.trimEnd().split('\n').at(-1)!) as Report;
  expect(streams[0]!.losses).toEqual([{ ...reset, events: 2 }]);
});

const batches = [
  { collectedAt: 1, ids: ['a', 'b'] },
  { collectedAt: 2, ids: ['c'] },
];

test('events that were delivered and are not in the journal fail the run, and are named', () => {
  const { code, text, problems } = shown(unjournaled({ lastResorts: 0 }));
  expect(code).toBe(1);
  expect(problems).toBe(
    'admin (relay-admin): 3 of 10 events delivered and not in the journal, in 2 batches; last resorts told by the collector: 0\n' +
      '  first: a b c\n',
  );
  expect(text).toContain('10 collected, 7 journaled (3 delivered without a journal) in 1 batch');
  expect(text).toContain('Nothing is missing, but something was delivered without a journal');
});

test('each last resort that was told excuses one batch', () => {
  expect(shown(unjournaled({ lastResorts: 1 }))).toMatchObject({ code: 1 });
  const { code, text, problems } = shown(unjournaled({ lastResorts: 2 }));
  expect({ code, problems }).toEqual({ code: 0, problems: '' });
  expect(text).toContain('admin: 3 events in 2 batches went to Firehose without a journal, which S3 refused');
  expect(text).toContain('Nothing is missing, after');
});

test('a last resort that faults kept from being told excuses its batch as well', () => {
  const ordeal = { swept: 0, possibleLoss: 0, untoldLastResorts: 1, losses: [] };
  expect(shown(unjournaled({ lastResorts: 1, ordeal }))).toMatchObject({ code: 0 });
  expect(shown(unjournaled({ lastResorts: 0, ordeal }))).toMatchObject({ code: 1 });
});

function shown(outcome: StreamOutcome) {
  const [stdout, stderr]: [string[], string[]] = [[], []];
  const to = (texts: string[]) => ({
    isTTY: false,
    write: (text: string | Uint8Array) => texts.push(String(text)) > 0,
  });
  const code = showResult([outcome], {
    world,
    source,
    context: { ...inSilence().context, stdout: to(stdout), stderr: to(stderr) },
    invocations: watchInvocations(),
    elapsedMs: 1,
    out: 'out',
    json: true,
  });
  return { code, text: stdout.join(''), problems: stderr.join('') };
}

function unjournaled(facts: Pick<StreamOutcome, 'lastResorts' | 'ordeal'>): StreamOutcome {
  const sound = missingTwo([]);
  const figures = {
    late: 0,
    erased: 0,
    delivered: 10,
    missing: 0,
    collected: 10,
    journaled: 7,
    unjournaled: 3,
  };
  const [destination] = sound.comparison.destinations;
  return {
    ...sound,
    ordeal: undefined,
    ...facts,
    comparison: {
      ...sound.comparison,
      ...figures,
      unjournaledBatches: batches,
      destinations: [{ ...destination!, delivered: 10, missing: 0, missingEvents: [] }],
    },
  };
}

function missingTwo(losses: readonly Loss[]): StreamOutcome {
  const figures = { delivered: 8, missing: 2, duplicates: 0, quarantined: 0, late: 0, erased: 0 };
  const missingEvents = ['a', 'b'].map((id) => ({ id, journaled: false }));
  const destination = {
    redated: 0,
    ...figures,
    name: 's3',
    kind: 's3',
    altered: 0,
    dropped: 0,
    foreign: 0,
    missingEvents,
    lateIds: [],
  };
  return {
    name: 'admin',
    id: 'relay-admin',
    type: 'admin',
    generatedKnown: true,
    collected: { batches: 1, sourceBytes: 100 },
    accepted: {},
    lastResorts: 0,
    comparison: {
      ...figures,
      dropped: 0,
      generated: 10,
      collected: 8,
      journaled: 8,
      unjournaled: 0,
      unjournaledBatches: [],
      destinations: [{ ...destination, longestWaitMs: undefined }],
    },
    ordeal: { swept: 0, possibleLoss: 1, untoldLastResorts: 0, losses },
  };
}
