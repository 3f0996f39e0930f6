import type { Meta } from '../../functions/stored/meta-item.ts';
import { openPrefix } from '../../functions/stored/open-item.ts';
import type { World } from '../world.ts';
import type { WorldStream } from '../world-streams.ts';
import { copierQueuesOf } from './copier-queues.ts';
import type { StreamProgress } from './progress.ts';
import { itemsOf, metaOf } from './stream-items.ts';
import { hasCompared } from './witness-watch.ts';

/** Looks at a run from outside, without disturbing it. */
export function watchRun(options: WatchOptions): RunWatch {
  const { world, streams, source, witnesses = [] } = options;
  let lastSeen = '';
  let lastChange = world.clock.now();
  return {
    progress: () => streams.map((stream) => progressOf(stream, options)),
    async settled() {
      // What the template does not allow stays forbidden: the run has failed, and says by which action.
      if (world.denials.length > 0) return true;
      if (streams.some((stream) => source.waiting(stream) > 0)) return false;
      if (streams.some((stream) => bufferedOf(stream, world) > 0)) return false;
      if (streams.some((stream) => queuedOf(stream, world).some((messages) => messages > 0))) return false;
      if (witnesses.some((witness) => source.waiting(witness) > 0)) return false;
      for (const stream of streams) if ((await itemsOf(stream, world, openPrefix)).length > 0) return false;
      for (const witness of witnesses) if (!(await hasCompared(witness, world))) return false;
      for (const stream of streams) if (hasLease(await metaOf(stream, world))) return false;
      return true;
    },
    stalledMs() {
      const seen = JSON.stringify(
        [...streams, ...witnesses].map((stream) => [
          source.waiting(stream),
          queuedOf(stream, world),
          ...stream.destinations.map(({ deliveryStream }) => world.firehose.stats(deliveryStream)),
        ]),
      );
      if (seen !== lastSeen) {
        lastSeen = seen;
        lastChange = world.clock.now();
      }
      return world.clock.now() - lastChange;
    },
  };
}

export interface WatchOptions {
  readonly world: World;
  readonly streams: readonly WorldStream[];
  /** Streams that watch over them, and may still find something. */
  readonly witnesses?: readonly WorldStream[];
  readonly source: SourceCounts;
}

/** What Mosaic has for a stream, as its simulator tells. */
export interface SourceCounts {
  generated(stream: WorldStream): number;
  /** Not yet handed out. */
  waiting(stream: WorldStream): number;
}

export interface RunWatch {
  /** Cheap: it asks nothing over the network. `delivered` is an estimate by bytes until everything is. */
  progress(): readonly StreamProgress[];
  /** Nothing waits in Mosaic, in an unfinished run, or in Firehose, and the last run ended, or a call was denied: time would change nothing. */
  settled(): Promise<boolean>;
  /** Virtual time since anything moved between two calls. */
  stalledMs(): number;
}

function progressOf(stream: WorldStream, { world, source }: WatchOptions): StreamProgress {
  const total = source.generated(stream);
  const collected = total - source.waiting(stream);
  const parts = stream.destinations.map(({ deliveryStream }) => {
    const { rawBytes, deliveredBytes } = world.firehose.stats(deliveryStream);
    return rawBytes === 0 ? 0 : deliveredBytes / rawBytes;
  });
  return {
    type: stream.type,
    total,
    collected,
    delivered: Math.round(collected * Math.min(...parts)),
  };
}

function bufferedOf(stream: WorldStream, world: World): number {
  return stream.destinations.reduce(
    (sum, { deliveryStream }) => sum + world.firehose.stats(deliveryStream).bufferedRecords,
    0,
  );
}

/** Messages of objects that are still to be copied; dead letters wait for an operator, whatever time does. */
function queuedOf(stream: WorldStream, world: World): readonly number[] {
  return [...copierQueuesOf(stream, world).values()].map((arn) => {
    const { visible, hidden } = world.sqs.depth(arn);
    return visible + hidden;
  });
}

/** Of a run on its way, or of one that never ended: what it may have lost is told by the next that does. */
function hasLease(meta: Meta | undefined): boolean {
  return meta?.lease !== undefined;
}
