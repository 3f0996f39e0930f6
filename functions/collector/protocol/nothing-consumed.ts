import type { Ending } from './ending.ts';
import { failedEnding } from './ending.ts';
import { fullJitter } from './full-jitter.ts';
import type { CollectOutcome, Source } from './ports/source.ts';
import type { RunPorts } from './run-ports.ts';
import type { RunProgress } from './run-progress.ts';
import type { RunSettings } from './run-settings.ts';
import { hasTimeToCollect, outOfTime } from './time-left.ts';

/**
 * Handles a collect that consumed nothing: waits or reopens the stream, after which the collect may be repeated
 * (undefined), or ends the run.
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
      patience.last = failedEnding('MosaicThrottled', `${outcome.message}. ${asksAgain}`);
      if (patience.throttledMs > throttlePatienceMs) return patience.last;
      if (!hasTimeToCollect(clock.now() + waitMs, settings, progress))
        return outOfTime(progress, patience.last);
      await clock.sleep(waitMs, progress.signal);
      return undefined;
    }
    case 'not-sent': {
      patience.unreachable += 1;
      patience.last = failedEnding('MosaicUnreachable', `${outcome.message}. ${asksAgain}`);
      if (patience.unreachable >= connectAttempts) return patience.last;
      await clock.sleep(500 + fullJitter(patience.unreachable + 2, clock.random()), progress.signal);
      return undefined;
    }
    case 'not-started':
    case 'stream-missing':
      return reopenOnce(outcome, patience, { source, ports, settings, progress });
    case 'credential-refused':
      progress.counters.credentialRefused += 1;
      return failedEnding(
        'CredentialRefused',
        `${outcome.message}. Nothing is collected until the secret holds a management app of this tenant and environment.`,
      );
    case 'request-refused':
      return failedEnding(
        'RequestRefused',
        `${outcome.message}. Nothing is collected until this is put right: check the type, the stream id and the URL in the settings.`,
      );
  }
}

/** The patience that the collects of one run have used up. */
export interface Patience {
  throttledMs: number;
  unreachable: number;
  reopened: boolean;
  /** The end that the run comes to if its time is up before Mosaic answers: it names the cause of the last wait. */
  last: Ending | undefined;
}

export interface Collecting {
  readonly ports: RunPorts;
  readonly settings: RunSettings;
  readonly progress: RunProgress;
}

/** Nothing was consumed, and no setting is wrong. */
const asksAgain = 'Mosaic keeps the events, and the next run asks again.';
/** Gauges for Mosaic to stop throttling, in all, before the run leaves it to the next. */
const throttlePatienceMs = 60_000;
const connectAttempts = 4;
/** Start-collect, create and create again without what this generation of the API does not take, 30 s each. */
const reopenBudgetMs = 90_000;

async function reopenOnce(
  { message, status }: Extract<CollectOutcome, { kind: 'nothing-consumed' }>,
  patience: Patience,
  { source, ports, progress }: Collecting & { readonly source: Source },
): Promise<Ending | undefined> {
  const missing = (text: string): Ending =>
    failedEnding('StreamMissing', text, { facts: status && { status } });
  if (patience.reopened) return missing(`${message}. It was reopened, and is missing again.`);
  if (progress.overAt - ports.clock.now() < reopenBudgetMs) {
    const needed = reopenBudgetMs / 1_000;
    return outOfTime(
      progress,
      missing(`${message}. Less than the ${needed} s that reopening may take were left.`),
    );
  }
  const reopening = await source.reopen(progress.signal);
  if (reopening.kind !== 'reopened')
    return missing(`${message}. It could not be reopened: ${reopening.message}`);
  patience.reopened = true;
  // Where both calls answered "already there", nothing had been missing.
  if (!reopening.already) progress.counters.streamReopened += 1;
  return undefined;
}
