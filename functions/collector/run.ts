import type { RelayError } from '../relay-error.ts';
import type { Lease } from '../stored/meta-item.ts';
import type { RunId } from '../stored/run-id.ts';
import type { RunRecord } from '../stored/run-item.ts';
import { type AskingPolicy, createAskingPolicy } from './asking.ts';
import { closeBudgetMs } from './budgets.ts';
import { closeRun } from './close-run.ts';
import type { Ending } from './collect.ts';
import { collectEverything } from './collect-streams.ts';
import type { CollectorSettings } from './contract.ts';
import { createDeliveryFlow } from './delivery-flow.ts';
import { createDeliveryQueue, type DeliveryQueue } from './delivery-queue.ts';
import type { Destination } from './destination.ts';
import { foreseen } from './errors.ts';
import { createLargeAnswers, decompressedCapBytes, type LargeAnswers } from './large-answers.ts';
import type { Clock, Journal, Source, State, TellLoss } from './ports.ts';
import { recordEveryMs, writeProgress } from './record-progress.ts';
import { emptyTally, type Tally } from './tally.ts';

/**
 * One run: lease, open, collect and journal, deliver beside it, record, close.
 *
 * What it must keep, whatever fails: an answer is in the journal before the next collect, and `done` never passes
 * what a destination has not got. Everything it started is settled or aborted when it returns.
 * @param deadline when Lambda ends the invocation, in ms since the epoch
 * @throws when the state cannot be written; the lease then stays and the next run starts cautiously
 * @see ../../docs/decisions/0001-journal-first.md
 */
export async function run(ports: RunPorts, settings: RunSettings, deadline: number): Promise<RunReport> {
  const { state, clock } = ports;
  const startedAt = clock.now();
  const id: RunId = { run: ports.newRunId(), startedAt };
  const tally = emptyTally();

  // Whichever is later: the function's timeout may have been changed without its settings.
  const diesAt = Math.max(deadline, startedAt + settings.timeout * 1_000);
  const lease = await state.acquireLease({ ...id, now: startedAt, until: diesAt + leaseMarginMs });
  if (!lease.granted) return { kind: 'overlap', holder: lease.holder };
  tally.possibleLoss += lease.neverEnded;

  const capBytes = decompressedCapBytes(settings);
  const over = new AbortController();
  const overAt = deadline - closeBudgetMs;
  const ended = new AbortController();
  void clock.sleep(Math.max(0, overAt - startedAt), ended.signal).then(() => over.abort());
  const large = createLargeAnswers(capBytes);
  const queues = settings.destinations.map((destination) =>
    createDeliveryQueue(destination, {
      run: id,
      type: settings.type,
      journal: ports.journal,
      clock,
      signal: over.signal,
      tally,
      flow: createDeliveryFlow(destination.quotaBytesPerSecond, { clock, signal: over.signal }),
      large,
      patienceMs: deliveryPatienceMs,
      decompressedCapBytes: capBytes,
    }),
  );
  const cautious = lease.interrupted !== undefined || lease.meta?.lastEnd?.caution === true;
  const progress: RunProgress = {
    id,
    queues,
    large,
    tally,
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

  const ending = await collectEverything(ports, settings, progress, lease.meta);
  const delivered = await deliverEverything(ports, progress, ending);
  ended.abort();
  return closeRun(ports, progress, delivered);
}

export interface RunPorts {
  readonly state: State;
  readonly journal: Journal;
  readonly clock: Clock;
  /** Opens Mosaic's stream of that id for this run alone. */
  readonly openSource: (streamId: string) => Source;
  /** A random id: never one that Lambda repeats on a retry. */
  readonly newRunId: () => string;
  readonly tellLoss: TellLoss;
}

/** What a run is told, as the contract has it, and where it delivers. */
export interface RunSettings
  extends Pick<
    CollectorSettings,
    | 'type'
    | 'batchSize'
    | 'timeout'
    | 'collectTimeout'
    | 'interval'
    | 'emptyAnswersToStop'
    | 'pollWithin'
    | 'decompressedCapMiB'
  > {
  readonly streamId: string;
  readonly destinations: readonly Destination[];
}

/** A run on its way: what collecting, journaling and closing share. */
export interface RunProgress {
  readonly id: RunId;
  readonly queues: readonly DeliveryQueue[];
  readonly large: LargeAnswers;
  readonly tally: Tally;
  /** When neither this run nor a write of its can still be alive. */
  readonly sealAfter: number;
  /** The last batch whose PUT was acknowledged. */
  lastNumber: number;
  /** A PUT was sent and not acknowledged: it may still land. */
  unacknowledged: boolean;
  /** Mosaic has answered with events that are not in the journal yet. */
  inHand: boolean;
  /** The run before may have lost a batch: the journal is probed before anything is collected. */
  readonly cautious: boolean;
  readonly asking: AskingPolicy;
  /** When all that is under way is aborted. */
  readonly overAt: number;
  readonly signal: AbortSignal;
  /** When `done` was last written. */
  recordedAt: number;
}

export type RunReport =
  | { readonly kind: 'overlap'; readonly holder: Lease }
  | {
      readonly kind: 'ended';
      readonly record: RunRecord;
      readonly tally: Tally;
      readonly error: RelayError | undefined;
      /** Destinations whose rest is the sweep's, with the reason. */
      readonly left: Readonly<Record<string, string>>;
    };

/** Lambda has killed a run well before its lease ends, so leases are never renewed. */
const leaseMarginMs = 60_000;
/** A PUT that a dying run sent may land for minutes after it. */
const sealMarginMs = 5 * 60_000;
const deliveryPatienceMs = 15_000;

/** Waits until every queue has delivered or left what it was offered, and writes meanwhile how far each has got. */
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
    // The table refused. What is delivered is delivered, and the end is written by somebody who can.
    await settling;
    return ending.outcome === 'failed'
      ? ending
      : { outcome: 'failed', error: foreseen(error), caution: false };
  }
}
