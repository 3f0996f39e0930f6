import { RelayError } from '../relay-error.ts';
import { isEmptyAnswer } from './decode-answer.ts';
import { fullJitter } from './deliver.ts';
import { journalAnswer, journalBudgetMs } from './journal-answer.ts';
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
  const patience: Patience = { throttledMs: 0, unreachable: 0, reopened: false };
  let emptyInARow = 0;
  let damagedInARow = 0;
  for (;;) {
    if (!hasTimeToCollect(clock.now(), settings, progress)) return { outcome: 'out-of-time' };
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

interface Patience {
  throttledMs: number;
  unreachable: number;
  reopened: boolean;
}

interface Collecting {
  readonly ports: RunPorts;
  readonly settings: RunSettings;
  readonly progress: RunProgress;
}

/** What a cautious run asks for: the most that is lost if its answer cannot be journaled. */
const cautiousBatchSize = 10;
/** Waiting for Mosaic to stop throttling, in all, before the run leaves it to the next. */
const throttlePatienceMs = 60_000;
const connectAttempts = 4;
/** Start-collect, create and create again without what this generation of the API does not take, 30 s each. */
const reopenBudgetMs = 90_000;
const recordEveryMs = 30_000;
/** Polling within a run stays inside the minute that it began, so that the next tick finds the lease free. */
const pollWindowMs = 60_000;

function hasTimeToCollect(now: number, settings: RunSettings, { overAt }: RunProgress): boolean {
  return overAt - now > settings.collectTimeoutMs + journalBudgetMs;
}

function pollsAgain(now: number, settings: RunSettings, { id }: RunProgress): boolean {
  return settings.pollWithinMs > 0 && now + settings.pollWithinMs < id.startedAt + pollWindowMs;
}

function failed(code: string, message: string, more: FailureFacts = {}): Ending {
  const { caution = false, facts } = more;
  return { outcome: 'failed', error: new RelayError(code, message, facts ? { facts } : {}), caution };
}

interface FailureFacts {
  readonly caution?: boolean;
  readonly facts?: RelayError['facts'] | 0;
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

/** Undefined when the collect may be repeated. */
async function handleNothingConsumed(
  outcome: Extract<CollectOutcome, { kind: 'nothing-consumed' }>,
  patience: Patience,
  { source, ports, settings, progress }: Collecting & { readonly source: Source },
): Promise<Ending | undefined> {
  const { clock } = ports;
  switch (outcome.reason) {
    case 'throttled': {
      const waitMs = outcome.retryAfterMs ?? 1_000 + fullJitter(5, clock.random());
      patience.throttledMs += waitMs;
      if (patience.throttledMs > throttlePatienceMs) return failed('MosaicThrottled', outcome.message);
      if (!hasTimeToCollect(clock.now() + waitMs, settings, progress)) return { outcome: 'out-of-time' };
      await clock.sleep(waitMs, progress.signal);
      return undefined;
    }
    case 'not-sent': {
      patience.unreachable += 1;
      if (patience.unreachable >= connectAttempts) return failed('MosaicUnreachable', outcome.message);
      await clock.sleep(500 + fullJitter(patience.unreachable + 2, clock.random()), progress.signal);
      return undefined;
    }
    case 'not-started':
    case 'stream-missing':
      return reopenOnce(outcome, patience, { source, ports, settings, progress });
    case 'credential-refused':
      progress.tally.credentialRefused += 1;
      return failed('CredentialRefused', outcome.message);
    case 'request-refused':
      return failed('RequestRefused', outcome.message);
  }
}

async function reopenOnce(
  { message, status }: Extract<CollectOutcome, { kind: 'nothing-consumed' }>,
  patience: Patience,
  { source, ports, progress }: Collecting & { readonly source: Source },
): Promise<Ending | undefined> {
  const missing = (text: string): Ending => failed('StreamMissing', text, { facts: status && { status } });
  if (patience.reopened) return missing(`${message} It was reopened, and is missing again.`);
  if (progress.overAt - ports.clock.now() < reopenBudgetMs) return { outcome: 'out-of-time' };
  const reopening = await source.reopen(progress.signal);
  if (reopening.kind !== 'reopened') return missing(`${message} ${reopening.message}`);
  patience.reopened = true;
  // Where both calls answered "already there", nothing had been missing.
  if (!reopening.already) progress.tally.streamReopened += 1;
  return undefined;
}

/** Writes `done` of each lane, so that a killed run leaves little for the sweep to repeat. */
async function recordProgress({ clock, state }: RunPorts, progress: RunProgress): Promise<void> {
  if (clock.now() - progress.recordedAt < recordEveryMs) return;
  progress.recordedAt = clock.now();
  for (const { destination, done } of progress.lanes) {
    if (done > 0) await state.recordDone(progress.id, destination, done);
  }
}
