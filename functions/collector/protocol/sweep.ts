import type { Meta } from '../../stored/meta-item.ts';
import { gaugesBudgetMs, passMs } from '../budgets.ts';
import { audit } from './audit.ts';
import { zeroCounters } from './counters.ts';
import { measureGauges } from './gauges.ts';
import { createLargeAnswers, decompressedCapBytes } from './large-answers.ts';
import { sealedRun } from './sealed-run.ts';
import {
  attemptStandingTries,
  furthestBehindFirst,
  sweepDestination,
  sweepOthers,
} from './sweep-destination.ts';
import type { Pass, SealedRun, SweepPorts, SweepSettings } from './sweep-pass.ts';
import type { SweepReport } from './sweep-report.ts';
import { toRelayError } from './to-relay-error.ts';

/**
 * Delivers what runs have left behind: for each sealed `OPEN`, the journal's batches after `done`, in order.
 *
 * Batches with a try standing come first, one alone at a time, so that a crash names its batch. Then each destination
 * has a loop of its own over all runs, oldest first, side by side with the others, at its own pace and with all of the
 * pass's time. Room for large answers goes first to the one that is furthest behind. A sweep never takes the lease;
 * two at once only deliver twice. Once a day it audits the journal.
 * @param deadline when Lambda ends the invocation, in ms since the epoch
 */
export async function sweep(
  ports: SweepPorts,
  settings: SweepSettings,
  deadline: number,
): Promise<SweepReport> {
  const { state, clock } = ports;
  const over = new AbortController();
  const ended = new AbortController();
  const overAt = Math.min(deadline, clock.now() + passMs) - gaugesBudgetMs;
  // A table that refuses ends the pass here, before anything waits that would outlive it.
  const meta = await state.meta.readMeta();
  void clock.sleep(Math.max(0, overAt - clock.now()), ended.signal).then(() => over.abort());
  const lease = watchLease(ports, meta, ended.signal);
  const share = (): number => (lease.runAtWork() ? 0.5 : 1);
  const means = { clock, signal: over.signal, share };
  const hasTime = (): boolean => !over.signal.aborted && overAt - clock.now() > leastBatchMs;
  try {
    const { audited, reopened, failure } = await audit({ ports, settings, meta, hasTime }).catch(
      // Every pass tries the audit again. A failing audit must not keep a pass from delivering.
      (error: unknown) => ({ audited: false, reopened: 0, failure: toRelayError(error) }),
    );
    const runs = (await state.openRuns.listOpen())
      .filter(({ sealAfter }) => sealAfter <= clock.now())
      .toSorted((a, b) => owedSince(a) - owedSince(b))
      .map(sealedRun);
    const order = furthestBehindFirst(
      settings.destinations.map(({ name }) => name),
      runs,
    );
    const pass: Pass = {
      ports,
      settings,
      meta,
      counters: zeroCounters(),
      runs,
      refusing: new Map(),
      destinations: new Map(
        settings.destinations.map((destination) => [
          destination.name,
          { destination, flow: destination.createFlow(means) },
        ]),
      ),
      large: createLargeAnswers(decompressedCapBytes(settings), order),
      signal: over.signal,
      hasTime,
      failure,
    };
    await attemptStandingTries(pass);
    await Promise.all(order.map((name) => sweepDestination(name, pass)));
    await sweepOthers(pass, audited);
    const waiting = await measureGauges(pass, clock.now());
    return {
      ...waiting,
      counters: pass.counters,
      error: pass.failure,
      reopened,
      refusing: Object.fromEntries(pass.refusing),
      // A run that is killed each time begins again and again, and never ends.
      lastRunAt: (await state.meta.readMeta())?.lastEnd?.endedAt,
    };
  } finally {
    ended.abort();
    await lease.stopped;
  }
}

/** The time that must be left of a pass for a batch to be begun. */
const leastBatchMs = 5_000;
const leaseLookMs = 10_000;

/** Follows whether a run of the stream is at work, which has the quota first. */
function watchLease(
  { state, clock }: SweepPorts,
  meta: Meta | undefined,
  signal: AbortSignal,
): { readonly runAtWork: () => boolean; readonly stopped: Promise<void> } {
  let lease = meta?.lease;
  const look = async (): Promise<void> => {
    while (!signal.aborted) {
      await clock.sleep(leaseLookMs, signal);
      if (signal.aborted) return;
      // If the table does not answer, the lease that was read last counts on.
      lease = await state.meta.readMeta().then(
        (now) => now?.lease,
        () => lease,
      );
    }
  };
  return { runAtWork: () => lease !== undefined && lease.until > clock.now(), stopped: look() };
}

function owedSince(open: SealedRun['open']): number {
  return open.owedSince ?? open.startedAt;
}
