import type { RelayError } from '../relay-error.ts';
import { isEmptyAnswer } from './decode-answer.ts';
import { journalAnswer, journalBudgetMs } from './journal-answer.ts';
import {
  type Collecting,
  failed,
  handleNothingConsumed,
  hasTimeToCollect,
  outOfTime,
  type Patience,
} from './nothing-consumed.ts';
import type { Answer, CollectOutcome, Source } from './ports.ts';
import type { RunPorts, RunProgress, RunSettings } from './run.ts';

/**
 * Collects from one stream until it is drained, time runs out, or something forbids the next collect.
 *
 * A collect is started only while the time left covers its timeout and the journal's budget. What Mosaic has
 * answered is journaled, and handed to the lanes, before it is asked again. An outcome that may have consumed
 * a batch ends the run: a slow source would otherwise be eaten batch after batch.
 */
export async function collectUntilDrained(
  source: Source,
  streamId: string,
  ports: RunPorts,
  settings: RunSettings,
  progress: RunProgress,
): Promise<Ending> {
  const { clock } = ports;
  const { tally } = progress;
  const patience: Patience = { throttledMs: 0, unreachable: 0, reopened: false, last: undefined };
  let emptyInARow = 0;
  let damagedInARow = 0;
  for (;;) {
    if (!hasTimeToCollect(clock.now(), settings, progress))
      return outOfTime(progress, patience.last ?? noTimeToCollect(settings));
    const asked = progress.cautious ? Math.min(cautiousBatchSize, settings.batchSize) : settings.batchSize;
    const startedAt = clock.now();
    const outcome = await source.collect({
      batchSize: asked,
      timeoutMs: settings.collectTimeoutMs,
      signal: progress.signal,
    });
    const collectedAt = clock.now();
    tally.collectMs.push(collectedAt - startedAt);

    if (outcome.kind === 'retired') return failed('ApiRetired', outcome.message);
    if (outcome.kind === 'unknown') {
      return endOnUnknown(outcome, { streamId, collectedAt, ports, settings, progress });
    }
    if (outcome.kind === 'nothing-consumed') {
      const ending = await handleNothingConsumed(outcome, patience, { source, ports, settings, progress });
      if (ending !== undefined) return ending;
      continue;
    }

    progress.cautious = false;
    patience.unreachable = 0;
    patience.throttledMs = 0;
    if (isEmptyAnswer(outcome.answer)) {
      outcome.release?.();
      tally.emptyAnswers += 1;
      emptyInARow += 1;
      damagedInARow = 0;
      if (emptyInARow < settings.emptyAnswersToStop) continue;
      if (!pollsAgain(clock.now(), settings, progress)) return { outcome: 'drained' };
      await clock.sleep(settings.pollWithinMs, progress.signal);
      emptyInARow = 0;
      continue;
    }
    emptyInARow = 0;
    progress.inHand = true;
    const journaled = await journalAnswer(
      { answer: outcome.answer, cutOff: false, streamId, collectedAt, asked, release: outcome.release },
      ports,
      settings,
      progress,
    );
    if (journaled.ending !== undefined) return journaled.ending;
    damagedInARow = journaled.damaged === undefined ? 0 : damagedInARow + 1;
    if (damagedInARow >= 2) {
      return failed(
        'AnswerNotArray',
        `Two answers in a row were no array of events (${journaled.damaged}); both are in quarantine as received.`,
      );
    }
    await recordProgress(ports, progress);
  }
}

/** How the collecting of a run ended. `caution` makes the next run probe the journal and ask for few events. */
export type Ending =
  | { readonly outcome: 'drained' | 'out-of-time' }
  | { readonly outcome: 'failed'; readonly error: RelayError; readonly caution: boolean };

/** What a cautious run asks for: the most that is lost if its answer cannot be journaled. */
const cautiousBatchSize = 10;
const recordEveryMs = 30_000;
/** Polling within a run stays inside the minute that it began, so that the next tick finds the lease free. */
const pollWindowMs = 60_000;

function noTimeToCollect({ collectTimeoutMs }: RunSettings): Ending {
  const needed = (collectTimeoutMs + journalBudgetMs) / 1_000;
  return failed(
    'NoTimeToCollect',
    `Nothing was collected: one collect and its journal may take ${needed} s, and less was left of the invocation.`,
  );
}

function pollsAgain(now: number, settings: RunSettings, { id }: RunProgress): boolean {
  return settings.pollWithinMs > 0 && now + settings.pollWithinMs < id.startedAt + pollWindowMs;
}

/** Mosaic may have consumed a batch that did not arrive: counted, what came of it kept, and the run over. */
async function endOnUnknown(
  outcome: Extract<CollectOutcome, { kind: 'unknown' }>,
  at: Collecting & { readonly streamId: string; readonly collectedAt: number },
): Promise<Ending> {
  at.progress.tally.possibleLoss += 1;
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
  return failed(
    'OutcomeUnknown',
    `A collect ended with an unknown outcome (${outcome.reason}: ${outcome.message}). ` +
      'At most one batch may be lost; the next run starts cautiously.',
    { caution: true },
  );
}

/** Writes `done` of each lane, so that a killed run leaves little for the sweep to repeat. */
async function recordProgress({ clock, state }: RunPorts, progress: RunProgress): Promise<void> {
  if (clock.now() - progress.recordedAt < recordEveryMs) return;
  progress.recordedAt = clock.now();
  for (const { destination, done } of progress.lanes) {
    if (done > 0) await state.recordDone(progress.id, destination, done);
  }
}
