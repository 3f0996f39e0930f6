import { describe, expect, test } from 'vitest';
import { answers } from '../../../../functions/collector/answers/answers.ts';
import type { CollectOutcome, Source } from '../../../../functions/collector/protocol/ports/source.ts';
import { run } from '../../../../functions/collector/protocol/run.ts';
import type { RunSettings } from '../../../../functions/collector/protocol/run-settings.ts';
import type { RetiringStream } from '../../../../functions/stored/meta-item.ts';
import { answered } from '../../../contracts/memory-source.ts';
import { relayUnderTest } from './relay-under-test.ts';

const everyMs = 300_000;
const hour = 3_600_000;
const serverError: CollectOutcome = {
  kind: 'unknown',
  reason: 'server-error',
  status: 500,
  message: 'Mosaic answered 500',
};

type CollectRequest = Parameters<Source['collect']>[0];
type Answers = (
  request: CollectRequest,
) => CollectOutcome | { readonly afterMs: number; readonly events: number };

const settings: RunSettings = {
  type: 'cis',
  streamId: 'present',
  destinations: [],
  batchSize: 1_000,
  timeout: 300,
  collectTimeout: 60,
  interval: 300,
  emptyAnswersToStop: 2,
  pollWithin: 0,
  decompressedCapMiB: 64,
};

/** A relay whose stream has replaced `old`: runs every five minutes, each stream answering in its own way. */
async function replaced(present: Answers, old: Answers, random: () => number = () => 0.5) {
  const relay = relayUnderTest([], []);
  await relay.run();
  relay.state.stored.meta = {
    ...relay.state.stored.meta!,
    retiring: [{ streamId: 'old', since: relay.clock.now() }],
  };
  const clock = { ...relay.clock, random };
  const asked: { readonly stream: string; readonly at: number; readonly batchSize: number }[] = [];
  const outcomes: string[] = [];
  let n = 0;
  const openSource = (stream: string) => ({
    close: () => undefined,
    reopen: async () => ({ kind: 'not-ours' as const, message: 'no' }),
    collect: async (request: CollectRequest): Promise<CollectOutcome> => {
      asked.push({ stream, at: clock.now(), batchSize: request.batchSize });
      const answer = (stream === 'old' ? old : present)(request);
      await clock.sleep('kind' in answer ? 150 : answer.afterMs, request.signal);
      if ('kind' in answer) return answer;
      return answered(Array.from({ length: answer.events }, () => `{"n":${n++}}`));
    },
  });
  const told: number[] = [];
  const startedAt = clock.now();
  const runFor = async (durationMs: number) => {
    for (let tick = 1; tick * everyMs <= durationMs; tick++) {
      clock.set(Math.max(clock.now(), startedAt + tick * everyMs));
      const ports = {
        state: relay.state,
        journal: relay.journal,
        quarantine: relay.journal,
        answers,
        clock,
        openSource,
        newRunId: () => `tick-${tick}`,
        tellLoss: (batches: number) => void told.push(batches),
      };
      const report = await run(ports, settings, clock.now() + everyMs);
      if (report.kind === 'ended') outcomes.push(report.error?.code ?? report.record.outcome);
    }
  };
  const retiring = (): RetiringStream | undefined => relay.state.stored.meta!.retiring[0];
  return { asked, outcomes, told, runFor, retiring };
}

const gives = (events: number, afterMs = 150) => ({ events, afterMs });
/** 0.25, 0.75, 0.25 … */
function byTurns(): () => number {
  let call = 0;
  return () => (call++ % 2 === 0 ? 0.25 : 0.75);
}

test('a replaced stream that gives one answer again and again is asked once an hour', async () => {
  const relay = await replaced(
    () => gives(0),
    () => answered(['{"n":"again"}']),
  );

  await relay.runFor(6 * hour);

  expect(relay.outcomes.filter((outcome) => outcome === 'SourceRepeats').length).toBeLessThanOrEqual(6);
  expect(relay.asked.filter(({ stream }) => stream === 'old').length).toBeLessThanOrEqual(30);
  expect(relay.outcomes.at(-1)).toBe('drained');
});

describe('a replaced stream that answers with errors', () => {
  test('costs one batch an hour, and the present stream is asked for as much as ever', async () => {
    const relay = await replaced(
      () => gives(0),
      () => serverError,
    );

    await relay.runFor(6 * hour);

    expect(relay.told.length).toBeLessThanOrEqual(6);
    expect(relay.outcomes.filter((outcome) => outcome === 'OutcomeUnknown').length).toBeLessThanOrEqual(6);
    const present = relay.asked.filter(({ stream }) => stream === 'present');
    // After an unknown outcome the next run is cautious, whichever stream it was.
    expect(present.filter(({ batchSize }) => batchSize < 10)).toEqual([]);
    expect(relay.retiring()?.asking).toMatchObject({ restUntil: expect.any(Number) });
  });

  test('but gives small answers is read in pieces of that size', async () => {
    let left = 4_000;
    const relay = await replaced(
      () => gives(0),
      ({ batchSize }) => {
        const events = Math.min(batchSize, left);
        left -= events;
        return events > 50 ? serverError : gives(events);
      },
    );

    await relay.runFor(3 * hour);

    expect(left).toBe(0);
    expect(relay.told.length).toBeLessThanOrEqual(6);
  });
});

describe('a replaced stream is read within a few runs while the present one', () => {
  const cases: readonly (readonly [string, Answers])[] = [
    ['is busy until the deadline', ({ batchSize }) => gives(batchSize, 20_000)],
    ['answers with errors', () => serverError],
    [
      'is missing',
      () => ({ kind: 'nothing-consumed', reason: 'stream-missing', status: 404, message: 'missing' }),
    ],
    [
      'answers with no array',
      () => ({
        kind: 'answer',
        answer: { received: Buffer.from('{"x":1}'), encoding: 'identity' },
      }),
    ],
  ];

  test.each(cases)('%s', async (_, present) => {
    let left = 5_000;
    const old: Answers = ({ batchSize }) => {
      const events = Math.min(batchSize, left);
      left -= events;
      return gives(events);
    };
    const relay = await replaced(present, old, byTurns());

    await relay.runFor(4 * hour);

    expect(left).toBe(0);
    expect(relay.asked.some(({ stream }) => stream === 'present')).toBe(true);
  });
});

test('a replaced stream with a large backlog takes half the time of a run at most', async () => {
  const relay = await replaced(
    ({ batchSize }) => gives(batchSize, 20_000),
    ({ batchSize }) => gives(batchSize, 20_000),
    () => 0.25,
  );

  await relay.runFor(4 * hour);

  const asksOf = (of: string) => relay.asked.filter(({ stream }) => stream === of).length;
  expect(asksOf('old')).toBeGreaterThan(0);
  expect(asksOf('old')).toBeLessThanOrEqual(1.5 * asksOf('present'));
});
