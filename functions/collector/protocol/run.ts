import type { RunId } from '../../stored/run-id.ts';
import { closeBudgetMs } from '../budgets.ts';
import { createAskingPolicy } from './asking.ts';
import { closeRun } from './close-run.ts';
import { collectEverything } from './collect-streams.ts';
import { zeroCounters } from './counters.ts';
import type { Ending } from './ending.ts';
import { createLargeAnswers, decompressedCapBytes } from './large-answers.ts';
import { recordEveryMs, writeProgress } from './record-progress.ts';
import type { RunPorts } from './run-ports.ts';
import type { RunProgress } from './run-progress.ts';
import type { RunReport } from './run-report.ts';
import type { RunSettings } from './run-settings.ts';
import { toRelayError } from './to-relay-error.ts';

/**
 * One run: lease, open, collect and journal, deliver beside it, record, close.
 *
 * Two rules hold whatever fails: an answer is in the journal before the next collect, and `done` never passes a batch
 * that the destination lacks. Every effect of the run is settled or aborted when this function returns.
 * @param deadline when Lambda ends the invocation, in ms since the epoch
 * @throws when the state cannot be written; the lease then stays and the next run starts cautiously
 * @see ../../../docs/decisions/0001-journal-first.md
 */
export async function run(ports: RunPorts, settings: RunSettings, deadline: number): Promise<RunReport> {
  const { state, clock } = ports;
  const startedAt = clock.now();
  const id: RunId = { run: ports.newRunId(), startedAt };
  const counters = zeroCounters();

  // The later of the two counts: the function's timeout may have been changed without its settings.
  const diesAt = Math.max(deadline, startedAt + settings.timeout * 1_000);
  const lease = await state.meta.acquireLease({ ...id, now: startedAt, until: diesAt + leaseMarginMs });
  if (!lease.granted) return { kind: 'overlap', holder: lease.holder };
  counters.possibleLoss += lease.neverEnded;

  const capBytes = decompressedCapBytes(settings);
  const over = new AbortController();
  const overAt = deadline - closeBudgetMs;
  const ended = new AbortController();
  void clock.sleep(Math.max(0, overAt - startedAt), ended.signal).then(() => over.abort());
  const large = createLargeAnswers(capBytes);
  const queues = settings.destinations.map((destination) =>
    destination.createQueue({
      run: id,
      type: settings.type,
      journal: ports.journal,
      quarantine: ports.quarantine,
      clock,
      signal: over.signal,
      counters,
      flow: destination.createFlow({ clock, signal: over.signal }),
      large,
      patienceMs: deliveryPatienceMs,
      decompressedCapBytes: capBytes,
    }),
  );
  const cautious = lease.interrupted !== undefined || lease.meta?.lastEnd?.caution === true;
  const progress: RunProgress = {
    id,
    before: lease.meta?.lastEnd?.outcome,
    queues,
    large,
    counters,
    sealAfter: diesAt + sealMarginMs,
    lastNumber: 0,
    unacknowledged: false,
    inHand: false,
    cautious,
    asking: createAskingPolicy(lease.meta?.asking, { setting: settings.batchSize, cautious }),
    overAt,
    signal: over.signal,
    recordedAt: startedAt,
  };

  const delivered = await collectEverything(ports, settings, progress, lease.meta)
    .then((ending) => deliverEverything(ports, progress, ending))
    .finally(() => ended.abort());
  return closeRun(ports, progress, delivered);
}

/** Lambda has killed a run well before its lease ends, so leases are never renewed. */
const leaseMarginMs = 60_000;
/** A PUT that a dying run sent may land for minutes after it. */
const sealMarginMs = 5 * 60_000;
const deliveryPatienceMs = 15_000;

/** Waits until every queue has delivered its batches or given up. Records each queue's progress every 30 s. */
async function deliverEverything(ports: RunPorts, progress: RunProgress, ending: Ending): Promise<Ending> {
  let isSettled = false;
  const settling = Promise.all(progress.queues.map((queue) => queue.settled())).then(() => {
    isSettled = true;
  });
  try {
    while (!isSettled) {
      const woken = new AbortController();
      await Promise.race([settling, ports.clock.sleep(recordEveryMs, woken.signal)]);
      woken.abort();
      if (!isSettled) await writeProgress(ports, progress);
    }
    return ending;
  } catch (error) {
    // The table refused. The delivered batches stay delivered, and `closeRun` tries to write the end.
    await settling;
    return ending.outcome === 'failed'
      ? ending
      : { outcome: 'failed', error: toRelayError(error), caution: false };
  }
}
