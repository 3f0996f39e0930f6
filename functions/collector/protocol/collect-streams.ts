import { RelayError } from '../../relay-error.ts';
import type { Meta, RetiringStream } from '../../stored/meta-item.ts';
import { leftNothing } from '../../stored/run-item.ts';
import { createAskingPolicy } from './asking.ts';
import { type CollectingLimits, collectUntilDrained } from './collect.ts';
import type { Ending } from './ending.ts';
import type { Clock } from './ports/clock.ts';
import type { Journal } from './ports/journal.ts';
import type { RunPorts } from './run-ports.ts';
import type { RunProgress } from './run-progress.ts';
import type { RunSettings } from './run-settings.ts';
import { timeToCollect } from './time-left.ts';
import { toRelayError } from './to-relay-error.ts';

/** Opens the run, and collects from its stream and from those whose id it replaces, each until it is drained. */
export async function collectEverything(
  ports: RunPorts,
  settings: RunSettings,
  progress: RunProgress,
  meta: Meta | undefined,
): Promise<Ending> {
  const { id, sealAfter } = progress;
  try {
    await ports.state.openRuns.open({
      ...id,
      sealAfter,
      done: Object.fromEntries(settings.destinations.map(({ name }) => [name, 0])),
      tries: {},
    });
    if (progress.cautious) await probeJournal(ports.journal, progress.signal);
    const retiring = meta?.retiring ?? [];
    if (beginsWithRetiring(meta, ports.clock)) {
      const share = timeToCollect(ports.clock.now(), settings, progress) / 2 / retiring.length;
      const early = await collectAllRetiring(retiring, ports, settings, progress, share);
      if (early.forbids) return early.ending!;
      const ending = await collectFrom(settings.streamId, ports, settings, progress);
      // What was left of the old ones is for a run that the present one leaves time for.
      return ending.outcome === 'failed' ? ending : (early.ending ?? ending);
    }
    const ending = await collectFrom(settings.streamId, ports, settings, progress);
    if (!leftNothing(ending.outcome)) return ending;
    return (await collectAllRetiring(retiring, ports, settings, progress)).ending ?? ending;
  } catch (error) {
    if (progress.inHand) progress.counters.possibleLoss += 1;
    return { outcome: 'failed', error: toRelayError(error), caution: true };
  }
}

/**
 * Tells whether this run reads replaced streams before the present one: by chance every second of the runs whose
 * predecessor did not come to them, since the present stream was busy until the deadline, or failed.
 */
function beginsWithRetiring(meta: Meta | undefined, clock: Clock): boolean {
  if (meta === undefined || meta.retiring.length === 0) return false;
  const cameToThem = meta.lastEnd !== undefined && leftNothing(meta.lastEnd.outcome);
  return !cameToThem && clock.random() < 0.5;
}

/** @param share how long each stream may be asked, in ms */
async function collectAllRetiring(
  retiring: readonly RetiringStream[],
  ports: RunPorts,
  settings: RunSettings,
  progress: RunProgress,
  share = Number.POSITIVE_INFINITY,
): Promise<{ readonly ending: Ending | undefined; readonly forbids: boolean }> {
  let ending: Ending | undefined;
  for (const each of retiring) {
    const until = ports.clock.now() + share;
    const one = await collectRetiring(each, { ports, settings, progress, until });
    if (one === undefined) continue;
    // Nothing is collected while a PUT is unacknowledged.
    if (progress.unacknowledged || progress.signal.aborted || isOfJournal(one))
      return { ending: one, forbids: true };
    // A failure is told before a backlog.
    if (ending?.outcome !== 'failed') ending = one;
  }
  return { ending, forbids: false };
}

function isOfJournal(ending: Ending): boolean {
  return ending.outcome === 'failed' && ending.error.code === 'JournalRefused';
}

/**
 * Reads a replaced stream, which holds what was raised before its successor existed, until runs on different ticks
 * have found it empty for a day, or it is gone.
 *
 * Its asks are its own: what it cannot give must not make the present one be asked for less. If it gives no answer at
 * all, or the same one again and again, it rests for an hour, so that a stream which is ill to its end costs one batch an
 * hour at most, and its copies fill no journal.
 *
 * @returns how the collecting from it ended, where it left something
 */
async function collectRetiring(
  retiring: RetiringStream,
  at: {
    readonly ports: RunPorts;
    readonly settings: RunSettings;
    readonly progress: RunProgress;
    readonly until: number;
  },
): Promise<Ending | undefined> {
  const { ports, settings, progress, until } = at;
  const { streamId, emptySince } = retiring;
  const { clock } = ports;
  const streams = ports.state.retiring;
  const { counters } = progress;
  if ((retiring.asking?.restUntil ?? 0) > clock.now()) return undefined;
  const asking = createAskingPolicy(retiring.asking, {
    setting: settings.batchSize,
    cautious: progress.cautious || retiring.asking?.restUntil !== undefined,
  });
  const before = { batches: counters.batches, empty: counters.emptyAnswers };
  const ending = await collectFrom(streamId, ports, { ...settings, pollWithin: 0 }, progress, {
    asking,
    until,
  });
  const gaveNothing = counters.batches === before.batches;
  const gaveNoAnswer = gaveNothing && counters.emptyAnswers === before.empty;
  const code = ending.outcome === 'failed' ? ending.error.code : undefined;
  const kept = asking.kept(clock.now());
  const rests = code === 'SourceRepeats' || (code === 'OutcomeUnknown' && gaveNoAnswer);
  if (rests) {
    const restUntil = clock.now() + restMs;
    await streams.keepAsking(streamId, { ...(kept ?? { batchSize: settings.batchSize }), restUntil });
  } else if (kept !== undefined || retiring.asking !== undefined) {
    await streams.keepAsking(streamId, kept);
  }
  const wasEmpty = gaveNothing && ending.outcome === 'drained';
  if (!wasEmpty && emptySince !== undefined) await streams.markEmpty(streamId, undefined);
  if (isGone(ending)) await streams.retire(streamId);
  else if (!leftNothing(ending.outcome)) return ending;
  else if (wasEmpty && emptySince === undefined) await streams.markEmpty(streamId, progress.id.startedAt);
  else if (wasEmpty && progress.id.startedAt - emptySince! >= retiringMs) await streams.retire(streamId);
  return undefined;
}

const restMs = 3_600_000;
/** How long drained runs must have found a replaced stream empty: Mosaic answers empty while a backlog exists. */
const retiringMs = 86_400_000;

async function collectFrom(
  streamId: string,
  ports: RunPorts,
  settings: RunSettings,
  progress: RunProgress,
  limits?: CollectingLimits,
): Promise<Ending> {
  const source = ports.openSource(streamId);
  try {
    return await collectUntilDrained(source, streamId, ports, settings, progress, limits);
  } finally {
    source.close();
  }
}

/** A 404 says that the stream is gone. A 403 does not: Mosaic's edge answers 403 for other reasons too. */
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
