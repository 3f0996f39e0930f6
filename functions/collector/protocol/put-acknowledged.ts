import type { JournaledBatch } from '../../stored/journaled-batch.ts';
import { fullJitter } from './full-jitter.ts';
import type { Clock } from './ports/clock.ts';
import type { Journal } from './ports/journal.ts';
import type { RunPorts } from './run-ports.ts';
import type { RunProgress } from './run-progress.ts';

/**
 * Puts a batch into the journal, again and again until S3 acknowledges it or the run must end.
 *
 * Not acknowledged does not mean not there: an aborted PUT may still land. `cause` is set when S3 refused at least
 * once.
 */
export async function putUntilAcknowledged(
  batch: JournaledBatch,
  { journal, clock }: RunPorts,
  { overAt, signal, counters }: RunProgress,
): Promise<{ readonly acknowledged: boolean; readonly cause: unknown }> {
  const startedAt = clock.now();
  const giveUpAt = overAt - lastResortMs;
  let cause: unknown;
  for (let attempt = 0; ; attempt++) {
    const failure = await attemptWithin(
      Math.max(0, Math.min(attemptMs, giveUpAt - clock.now())),
      { clock, signal },
      (limit) => journal.put(batch, limit),
    );
    if (failure === undefined) {
      counters.journalMs += clock.now() - startedAt;
      return { acknowledged: true, cause };
    }
    cause = failure;
    const waitMs = fullJitter(attempt + 2, clock.random());
    if (signal.aborted || clock.now() + waitMs > giveUpAt) return { acknowledged: false, cause };
    await clock.sleep(waitMs, signal);
  }
}

const attemptMs = 10_000;
/** Time reserved for the last resort: handing the batch to Firehose. */
const lastResortMs = 10_000;

/** Runs `effect` under a time limit of its own: undefined when it succeeded, else why not. */
async function attemptWithin(
  limitMs: number,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
  effect: (limit: AbortSignal) => ReturnType<Journal['put']>,
): Promise<unknown> {
  const limit = new AbortController();
  const settled = new AbortController();
  void clock.sleep(limitMs, AbortSignal.any([settled.signal, signal])).then(() => limit.abort());
  try {
    await effect(AbortSignal.any([limit.signal, signal]));
    return undefined;
  } catch (error) {
    return error ?? new Error('refused');
  } finally {
    settled.abort();
  }
}
