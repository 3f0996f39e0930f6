import { RelayError } from '../relay-error.ts';
import type { Ending } from './collect.ts';
import { fullJitter } from './deliver.ts';
import { journalBudgetMs } from './journal-answer.ts';
import type { CollectOutcome, Source } from './ports.ts';
import type { RunPorts, RunProgress, RunSettings } from './run.ts';

/**
 * What follows a collect that consumed nothing: a wait or a reopening after which it may be repeated (undefined), or
 * the end of the run.
 */
export async function handleNothingConsumed(
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

/** What the collects of one run have been patient with so far. */
export interface Patience {
  throttledMs: number;
  unreachable: number;
  reopened: boolean;
}

export interface Collecting {
  readonly ports: RunPorts;
  readonly settings: RunSettings;
  readonly progress: RunProgress;
}

/** Waiting for Mosaic to stop throttling, in all, before the run leaves it to the next. */
const throttlePatienceMs = 60_000;
const connectAttempts = 4;
/** Start-collect, create and create again without what this generation of the API does not take, 30 s each. */
const reopenBudgetMs = 90_000;
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

/** Whether the time left covers one collect and its journal. */
export function hasTimeToCollect(now: number, settings: RunSettings, { overAt }: RunProgress): boolean {
  return overAt - now > settings.collectTimeoutMs + journalBudgetMs;
}

export function failed(code: string, message: string, more: FailureFacts = {}): Ending {
  const { caution = false, facts } = more;
  return { outcome: 'failed', error: new RelayError(code, message, facts ? { facts } : {}), caution };
}

interface FailureFacts {
  readonly caution?: boolean;
  readonly facts?: RelayError['facts'] | 0;
}
