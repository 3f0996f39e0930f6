import { untilAborted } from '../../../local/run/interrupt.ts';
import { type LocalStageOptions, openLocalStage } from '../../../local/run/local-stage.ts';
import type { LocalStage } from '../../../local/run/opened-stage.ts';
import type { RunContext } from '../../../local/run/run-context.ts';
import { runUntilSettled } from '../../../local/run/run-until-settled.ts';
import { watchRun } from '../../../local/run/watch.ts';
import type { World } from '../../../local/world.ts';
import { watchMemory } from '../memory-watch.ts';
import { writeSoakSettings } from '../settings.ts';
import { openStoredObjects } from '../stored-objects.ts';
import { type EventPattern, type LineSizes, measureLines } from './line-sizes.ts';
import { showLoad } from './load-progress.ts';
import { type LoadResult, resultOf } from './load-result.ts';
import { describeRow, hourMs, type LoadRow, sampleMs } from './load-row.ts';
import type { PlannedRow } from './load-table.ts';
import { type LoadMeasure, measureLoad } from './measure-load.ts';
import { removeFinished } from './remove-finished.ts';

/**
 * Runs one row in virtual time: the real bundles over the synthesized template, and one stream with as many S3
 * destinations as the row has. When the row's hours are over, it goes on until everything is delivered.
 *
 * @throws when the run has not shown what it claims: a call was denied or not understood, or a delivery stream lost data
 */
export async function simulateLoad(planned: PlannedRow, context: RunContext): Promise<LoadResult> {
  const settings = await writeSoakSettings([pattern.type], planned);
  let stage: LocalStage | undefined;
  let measure: LoadMeasure | undefined;
  let stop = (): void => undefined;
  try {
    stage = await openLocalStage({
      context,
      progress: { stage: () => undefined, update: () => undefined, stop: () => undefined },
      stage: 'dev',
      types: [pattern.type],
      seed: pattern.seed,
      source: [],
      variety: pattern.variety,
      averageBytes: pattern.averageBytes,
      settings: settings.path,
      mosaic: (call) => measure?.onMosaicCall(call),
      world: worldOf(() => measure),
    });
    const { world, source, streams } = stage;
    const { clock } = world;
    const stream = streams[0]!;
    const lines = await measureLines(pattern, stream.destinations[0]!, {
      stream: stream.id,
      stage: stream.settings.stage,
    });
    const row = rowOf(planned, lines);
    const measured = measureLoad(stage, { row, pattern, lines });
    measure = measured;
    const objects = openStoredObjects(world);
    const tidy = (): Promise<void> => {
      clock.at(clock.now() + sampleMs, tidy);
      return removeFinished(stream, world, objects);
    };
    clock.at(clock.now() + sampleMs, tidy);
    const memory = watchMemory(world);
    const looking = setInterval(() => void memory.look(), 2_000);
    const beganAt = clock.now();
    const shown = showLoad(context.stderr, {
      title: describeRow(row),
      state: () => ({
        hours: (clock.now() - beganAt) / hourMs,
        undelivered: stream.destinations.map((_, place) => measured.undelivered.now(place)),
      }),
      now: () => performance.now(),
    });
    stop = () => {
      clearInterval(looking);
      shown.stop();
      objects.close();
    };
    world.startSchedules();
    const watch = watchRun({ world, streams, source });
    await untilAborted(
      context.signal,
      runUntilSettled(clock, watch, () => measured.raisedAll()),
    );
    requireSound(world);
    const peakMb = Math.max(measured.peakMb, ...memory.seen.map(({ mb }) => mb));
    return resultOf(row, measured, peakMb);
  } finally {
    stop();
    await stage?.close();
    await settings.remove();
  }
}

/** Events of 1 KB: their lines are about 125 bytes longer. */
const pattern: EventPattern = { type: 'cis', seed: 1, averageBytes: 1_000, variety: 1_024 };

/** A share of the quota becomes as many events a second as have that many bytes of lines. */
function rowOf({ load, ...row }: PlannedRow, lines: LineSizes): LoadRow {
  if ('rate' in load) return { ...row, rate: load.rate };
  const bytesPerSecond = load.share * row.quotaMiBPerSecond * mib;
  return { ...row, rate: Math.round((10 * bytesPerSecond) / lines.mean) / 10 };
}

const mib = 1024 * 1024;

/** The world's hooks. @param measure called late, since its stage is deployed first */
function worldOf(measure: () => LoadMeasure | undefined): NonNullable<LocalStageOptions['world']> {
  return {
    gateway: {
      observe: (call, status) => measure()?.onAwsCall(call, status),
      interfere: (call) => measure()?.interfere(call),
    },
    firehose: { onAccepted: (deliveryStream, record) => measure()?.onAccepted(deliveryStream, record) },
    lambda: { skipSleeps: true, onInvocation: (invocation) => measure()?.onInvocation(invocation) },
  };
}

/** @throws when the run has not shown what it claims */
function requireSound({ denials, refusals, firehose }: World): void {
  const problems = [...denials, ...refusals.map(({ message }) => message)];
  for (const name of firehose.names) {
    const { lostRecords, backedUpRecords } = firehose.stats(name);
    if (lostRecords + backedUpRecords > 0) problems.push(`${name} did not deliver everything it accepted`);
  }
  if (problems.length > 0) throw new Error(`the run has not shown what it claims: ${problems.join('; ')}`);
}
