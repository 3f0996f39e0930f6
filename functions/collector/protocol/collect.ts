import type { Answer } from '../../answer.ts';
import type { QuarantineReason } from '../../stored/quarantine-entry.ts';
import { journalBudgetMs } from '../budgets.ts';
import type { AskingPolicy } from './asking.ts';
import { createCaughtUp } from './caught-up.ts';
import type { Ending } from './ending.ts';
import { failedEnding } from './ending.ts';
import { type JournaledAnswer, journalAnswer, noTimes } from './journal-answer.ts';
import { nextCollect } from './large-answers.ts';
import { type Collecting, handleNothingConsumed, type Patience } from './nothing-consumed.ts';
import type { CollectOutcome, Source } from './ports/source.ts';
import { recordProgress } from './record-progress.ts';
import { createRepeatWatch } from './repeat-watch.ts';
import type { RunPorts } from './run-ports.ts';
import type { RunProgress } from './run-progress.ts';
import type { RunSettings } from './run-settings.ts';
import { hasTimeToCollect, outOfTime } from './time-left.ts';

/**
 * Collects from one stream until it is drained or caught up, time runs out, or something forbids the next collect.
 *
 * A collect is started only while the time left covers its timeout and the journal's budget. An answer is
 * journaled, and handed to the queues, before Mosaic is asked again. An outcome that may have consumed
 * a batch ends the run: a slow source would otherwise be eaten batch after batch.
 */
export async function collectUntilDrained(
  source: Source,
  streamId: string,
  ports: RunPorts,
  settings: RunSettings,
  progress: RunProgress,
  { asking = progress.asking, until = Number.POSITIVE_INFINITY }: CollectingLimits = {},
): Promise<Ending> {
  const { clock } = ports;
  const collecting: CollectingStream = {
    source,
    asking,
    until,
    streamId,
    ports,
    settings,
    progress,
    patience: { throttledMs: 0, unreachable: 0, reopened: false, last: undefined },
  };
  const caughtUp = createCaughtUp({
    startedAt: progress.id.startedAt,
    intervalMs: settings.interval * 1_000,
  });
  const repeats = createRepeatWatch();
  let emptyInARow = 0;
  let damagedInARow = 0;
  let lastLargeSize = 0;
  for (;;) {
    // The next answer is expected to be as large as the last one.
    const giveRoomBack =
      lastLargeSize > 0 ? await progress.large.room(lastLargeSize, nextCollect) : undefined;
    const step = await collectOnce(collecting).finally(() => giveRoomBack?.());
    if (step.kind === 'ending') return step.ending;
    if (step.kind === 'again') continue;

    lastLargeSize = step.largeSize;
    emptyInARow = step.fingerprint === undefined ? emptyInARow + 1 : 0;
    damagedInARow = step.damaged === undefined ? 0 : damagedInARow + 1;
    if (damagedInARow >= 2) return answerNotArray(step.damaged);
    if (step.fingerprint !== undefined) {
      if (repeats.saw(step.fingerprint)) return sourceRepeats(progress);
      await recordProgress(ports, progress);
    }
    // The number and the age of the events in a damaged answer are unknown.
    if (step.damaged !== undefined) {
      caughtUp.reset();
      continue;
    }
    asking.answered(step.events);
    const isDrained = emptyInARow >= settings.emptyAnswersToStop;
    const next = isDrained || caughtUp.answered({ ...step, now: clock.now() });
    if (next === true) {
      if (!pollsAgain(clock.now(), settings, progress))
        return { outcome: isDrained ? 'drained' : 'caught-up' };
      emptyInARow = 0;
      caughtUp.reset();
      await clock.sleep(settings.pollWithin * 1_000, progress.signal);
    } else if (next > 0) {
      await clock.sleep(next, progress.signal);
    }
  }
}

/** What holds for one stream of a run alone. */
export interface CollectingLimits {
  readonly asking?: AskingPolicy;
  /** No collect is started from then on, in ms since the epoch. */
  readonly until?: number;
}

interface CollectingStream extends Collecting, Required<CollectingLimits> {
  readonly source: Source;
  readonly streamId: string;
  readonly patience: Patience;
}

type Step =
  | { readonly kind: 'ending'; readonly ending: Ending }
  /** Nothing was consumed, and the wait before the next collect is over. */
  | { readonly kind: 'again' }
  /** An answer; `fingerprint` is absent where it was empty. */
  | ({
      readonly kind: 'answer';
      readonly asked: number;
      readonly tookMs: number;
      readonly largeSize: number;
    } & SeenOrEmpty);

interface SeenOrEmpty extends Pick<JournaledAnswer, 'damaged' | 'events' | 'times'> {
  readonly fingerprint: JournaledAnswer['fingerprint'] | undefined;
}

/** One collect, and its answer in the journal. */
async function collectOnce(at: CollectingStream): Promise<Step> {
  const { source, streamId, ports, settings, progress, patience, asking } = at;
  const { clock } = ports;
  const { counters } = progress;
  if (!hasTimeToCollect(clock.now(), settings, progress))
    return { kind: 'ending', ending: outOfTime(progress, patience.last ?? noTimeToCollect(settings)) };
  if (clock.now() >= at.until) return { kind: 'ending', ending: { outcome: 'out-of-time' } };
  const asked = asking.next(clock.now());
  const startedAt = clock.now();
  const outcome = await source.collect({
    batchSize: asked,
    timeoutMs: settings.collectTimeout * 1_000,
    signal: progress.signal,
  });
  const collectedAt = clock.now();
  counters.collectMs.push(collectedAt - startedAt);

  if (outcome.kind === 'retired')
    return { kind: 'ending', ending: failedEnding('ApiRetired', outcome.message) };
  if (outcome.kind === 'unknown') {
    asking.failed(asked, collectedAt);
    return { kind: 'ending', ending: await endOnUnknown(outcome, { ...at, collectedAt }) };
  }
  if (outcome.kind === 'nothing-consumed') {
    const ending = await handleNothingConsumed(outcome, patience, { source, ports, settings, progress });
    return ending === undefined ? { kind: 'again' } : { kind: 'ending', ending };
  }

  patience.unreachable = 0;
  patience.throttledMs = 0;
  const { answer, release } = outcome;
  if (ports.answers.isEmptyAnswer(answer)) {
    release?.();
    counters.emptyAnswers += 1;
    return { kind: 'answer', asked, tookMs: collectedAt - startedAt, largeSize: 0, ...nothingSeen };
  }
  progress.inHand = true;
  const size = ports.answers.largeSize(answer);
  const { ending, ...seen } = await journalAnswer(
    { answer, cutOff: false, streamId, collectedAt, asked, release },
    ports,
    settings,
    progress,
  );
  if (ending !== undefined) return { kind: 'ending', ending };
  return { kind: 'answer', asked, tookMs: collectedAt - startedAt, largeSize: size, ...seen };
}

const nothingSeen: SeenOrEmpty = {
  damaged: undefined,
  events: 0,
  times: noTimes,
  fingerprint: undefined,
};

/** Polling within a run stays inside the minute that it began, so that the next tick finds the lease free. */
const pollWindowMs = 60_000;

function answerNotArray(damaged: QuarantineReason | undefined): Ending {
  return failedEnding(
    'AnswerNotArray',
    `Two answers in a row were no array of events (${damaged}); both are in quarantine as received.`,
  );
}

function sourceRepeats(progress: RunProgress): Ending {
  progress.counters.sourceRepeats += 1;
  return failedEnding(
    'SourceRepeats',
    'Mosaic gave the same answer, byte for byte, five times in a row. Each copy is in the journal and is delivered; ' +
      'the next run asks again.',
  );
}

function noTimeToCollect({ collectTimeout }: RunSettings): Ending {
  const needed = collectTimeout + journalBudgetMs / 1_000;
  return failedEnding(
    'NoTimeToCollect',
    `Nothing was collected: one collect and its journal may take ${needed} s, and less was left of the invocation.`,
  );
}

function pollsAgain(now: number, { pollWithin }: RunSettings, { id }: RunProgress): boolean {
  return pollWithin > 0 && now + pollWithin * 1_000 < id.startedAt + pollWindowMs;
}

/** Mosaic may have consumed a batch that did not arrive. Counts the loss, keeps the bytes that came, ends the run. */
async function endOnUnknown(
  outcome: Extract<CollectOutcome, { kind: 'unknown' }>,
  at: Collecting & { readonly streamId: string; readonly collectedAt: number },
): Promise<Ending> {
  at.progress.counters.possibleLoss += 1;
  const partial: Answer | undefined = outcome.partial;
  if (partial !== undefined && partial.received.byteLength > 0) {
    const { streamId, collectedAt } = at;
    await journalAnswer(
      { answer: partial, cutOff: true, streamId, collectedAt, asked: 0 },
      at.ports,
      at.settings,
      at.progress,
    );
  }
  return failedEnding(
    'OutcomeUnknown',
    `A collect ended with an unknown outcome (${outcome.reason}: ${outcome.message}). ` +
      'At most one batch may be lost; the next run starts cautiously.',
    { caution: true },
  );
}
