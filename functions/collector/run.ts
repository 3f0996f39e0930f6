import { RelayError } from '../relay-error.ts';
import { closeRun } from './close-run.ts';
import { collectUntilDrained, type Ending } from './collect.ts';
import type { Destination } from './destination.ts';
import { foreseen } from './errors.ts';
import { createLane, type Lane } from './lane.ts';
import type { Clock, Journal, Lease, Meta, RunId, RunRecord, Source, State } from './ports.ts';
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

  const lease = await state.acquireLease({
    ...id,
    now: startedAt,
    until: startedAt + settings.timeoutMs + leaseMarginMs,
  });
  if (!lease.granted) return { kind: 'overlap', holder: lease.holder };
  tally.possibleLoss += lease.neverEnded;

  const over = new AbortController();
  const overAt = deadline - closeBudgetMs;
  const ended = new AbortController();
  void clock.sleep(Math.max(0, overAt - startedAt), ended.signal).then(() => over.abort());
  const lanes = settings.destinations.map((destination) =>
    createLane(destination, {
      type: settings.type,
      journal: ports.journal,
      clock,
      signal: over.signal,
      tally,
      patienceMs: deliveryPatienceMs,
      waitMs: deliveryWaitMs,
    }),
  );
  const progress = {
    id,
    lanes,
    tally,
    lastNumber: 0,
    unacknowledged: false,
    inHand: false,
    cautious: lease.interrupted !== undefined || lease.meta?.lastEnd?.caution === true,
    overAt,
    signal: over.signal,
    recordedAt: startedAt,
  };

  const ending = await collectEverything(ports, settings, progress, lease.meta);
  await Promise.all(lanes.map((lane) => lane.settled()));
  ended.abort();
  return closeRun(ports, progress, ending);
}

export interface RunPorts {
  readonly state: State;
  readonly journal: Journal;
  readonly clock: Clock;
  /** Opens Mosaic's stream of that id for this run alone. */
  readonly openSource: (streamId: string) => Source;
  /** A random id: never one that Lambda repeats on a retry. */
  readonly newRunId: () => string;
}

export interface RunSettings {
  readonly type: string;
  readonly streamId: string;
  readonly destinations: readonly Destination[];
  /** 1..1000 */
  readonly batchSize: number;
  /** The function's own timeout. */
  readonly timeoutMs: number;
  readonly collectTimeoutMs: number;
  /** Empty answers in a row that mean drained. */
  readonly emptyAnswersToStop: number;
  /** After draining, poll again after so long, within the minute that the run began; 0 for never. */
  readonly pollWithinMs: number;
  readonly decompressedCapBytes: number;
}

/** A run on its way: what collecting, journaling and closing share. */
export interface RunProgress {
  readonly id: RunId;
  readonly lanes: readonly Lane[];
  readonly tally: Tally;
  /** The last batch whose PUT was acknowledged. */
  lastNumber: number;
  /** A PUT was sent and not acknowledged: it may still land. */
  unacknowledged: boolean;
  /** Mosaic has answered with events that are not in the journal yet. */
  inHand: boolean;
  /** Ask for few events until one collect has gone well. */
  cautious: boolean;
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
/** For the last writes to the table. */
const closeBudgetMs = 8_000;
/** How long a replaced stream is read before its being empty is believed. */
const retiringMs = 3_600_000;
const deliveryPatienceMs = 15_000;
const deliveryWaitMs = 10_000;

async function collectEverything(
  ports: RunPorts,
  settings: RunSettings,
  progress: RunProgress,
  meta: Meta | undefined,
): Promise<Ending> {
  const { id } = progress;
  try {
    await ports.state.open({
      ...id,
      sealAfter: id.startedAt + settings.timeoutMs + sealMarginMs,
      done: Object.fromEntries(settings.destinations.map(({ name }) => [name, 0])),
      tries: {},
    });
    if (progress.cautious) await probeJournal(ports.journal, progress.signal);
    const ending = await collectFrom(settings.streamId, ports, settings, progress);
    // A replaced stream holds what was raised before its successor existed: it is read until it is empty.
    for (const { streamId, since } of ending.outcome === 'drained' ? (meta?.retiring ?? []) : []) {
      const old = await collectFrom(streamId, ports, { ...settings, pollWithinMs: 0 }, progress);
      if (old.outcome !== 'drained' && !isGone(old)) return old;
      // Mosaic answers empty while a backlog exists, so an empty answer soon after the change proves little.
      if (isGone(old) || id.startedAt - since > retiringMs) await ports.state.retire(streamId);
    }
    return ending;
  } catch (error) {
    if (progress.inHand) progress.tally.possibleLoss += 1;
    return { outcome: 'failed', error: foreseen(error), caution: true };
  }
}

async function collectFrom(
  streamId: string,
  ports: RunPorts,
  settings: RunSettings,
  progress: RunProgress,
): Promise<Ending> {
  const source = ports.openSource(streamId);
  try {
    return await collectUntilDrained(source, streamId, ports, settings, progress);
  } finally {
    source.close();
  }
}

/** 404, and not 403, which the edge may answer for reasons of its own. */
function isGone(ending: Ending): boolean {
  return ending.outcome === 'failed' && ending.error.facts.status === 404;
}

/** A cautious run asks S3 before it asks Mosaic. */
async function probeJournal(journal: Journal, signal: AbortSignal): Promise<void> {
  try {
    await journal.probe(signal);
  } catch (cause) {
    throw new RelayError(
      'JournalRefused',
      'The journal refused a probe, so nothing was collected; Mosaic keeps the events until the next run.',
      { cause },
    );
  }
}
