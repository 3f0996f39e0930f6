import { RelayError } from '../../relay-error.ts';
import type { Meta, RetiringStream } from '../../stored/meta-item.ts';
import { leftNothing } from '../../stored/run-item.ts';
import { collectUntilDrained } from './collect.ts';
import type { Ending } from './ending.ts';
import type { Journal } from './ports/journal.ts';
import type { RunPorts } from './run-ports.ts';
import type { RunProgress } from './run-progress.ts';
import type { RunSettings } from './run-settings.ts';
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
    const ending = await collectFrom(settings.streamId, ports, settings, progress);
    if (!leftNothing(ending.outcome)) return ending;
    for (const retiring of meta?.retiring ?? []) {
      const old = await collectRetiring(retiring, ports, settings, progress);
      if (old !== undefined) return old;
    }
    return ending;
  } catch (error) {
    if (progress.inHand) progress.counters.possibleLoss += 1;
    return { outcome: 'failed', error: toRelayError(error), caution: true };
  }
}

/**
 * Reads a replaced stream, which holds what was raised before its successor existed, until runs on different ticks
 * have found it empty for a day, or it is gone.
 *
 * @returns how the run ends where it may not go on
 */
async function collectRetiring(
  { streamId, emptySince }: RetiringStream,
  ports: RunPorts,
  settings: RunSettings,
  progress: RunProgress,
): Promise<Ending | undefined> {
  const { state } = ports;
  const before = progress.counters.batches;
  const ending = await collectFrom(streamId, ports, { ...settings, pollWithin: 0 }, progress);
  const wasEmpty = progress.counters.batches === before && ending.outcome === 'drained';
  if (!wasEmpty && emptySince !== undefined) await state.meta.markEmpty(streamId, undefined);
  if (isGone(ending)) await state.meta.retire(streamId);
  else if (!leftNothing(ending.outcome)) return ending;
  else if (wasEmpty && emptySince === undefined) await state.meta.markEmpty(streamId, progress.id.startedAt);
  else if (wasEmpty && progress.id.startedAt - emptySince! >= retiringMs) await state.meta.retire(streamId);
  return undefined;
}

/** How long drained runs must have found a replaced stream empty: Mosaic answers empty while a backlog exists. */
const retiringMs = 86_400_000;

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
