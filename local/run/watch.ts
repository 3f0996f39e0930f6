import type { Meta } from '../../functions/stored/meta-item.ts';
import { openPrefix } from '../../functions/stored/open-item.ts';
import type { World } from '../world.ts';
import type { WorldStream } from '../world-streams.ts';
import { copierQueuesOf } from './copier-queues.ts';
import { bufferedOf, everyStreamOf } from './destination-streams.ts';
import type { StreamProgress } from './progress.ts';
import { itemsOf, metaOf } from './stream-items.ts';
import { hasCompared } from './witness-watch.ts';

/** Watches a run from outside, without disturbing it. */
export function watchRun(options: WatchOptions): RunWatch {
  const { world, streams, source, witnesses = [] } = options;
  let lastSeen = '';
  let lastChange = world.clock.now();
  const furthest = new Map<string, Pick<StreamProgress, 'collected' | 'delivered'>>();
  return {
    progress: () =>
      streams.map((stream) => {
        const { collected = 0, delivered = 0 } = furthest.get(stream.name) ?? {};
        const progress = progressOf(stream, options);
        const further = {
          // A stream whose id was replaced has events waiting under both ids, which may be more than were raised.
          collected: Math.max(collected, progress.collected),
          // The estimate falls when more is put than delivered; what has arrived does not go away.
          delivered: Math.max(delivered, progress.delivered),
        };
        furthest.set(stream.name, further);
        return { ...progress, ...further };
      }),
    async settled() {
      // A call that the template does not allow stays forbidden. The run has failed, and its report names the action.
      if (world.denials.length > 0) return true;
      if (streams.some((stream) => source.waiting(stream) > 0)) return false;
      const destinations = streams.flatMap((stream) => stream.destinations);
      if (destinations.some((destination) => bufferedOf(destination, world) > 0)) return false;
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
          ...stream.destinations.flatMap((one) =>
            everyStreamOf(one, world).map((name) => world.firehose.stats(name)),
          ),
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
  /** The witnesses of these streams, which may still find missing events. */
  readonly witnesses?: readonly WorldStream[];
  readonly source: SourceCounts;
}

/** The numbers of a stream's events in Mosaic, as its simulator counts them. */
export interface SourceCounts {
  generated(stream: WorldStream): number;
  /** Events that Mosaic has not handed out yet. */
  waiting(stream: WorldStream): number;
}

export interface RunWatch {
  /**
   * The progress of each stream, without a call over the network. `delivered` is an estimate by bytes until every
   * event has arrived.
   */
  progress(): readonly StreamProgress[];
  /**
   * True if time would change nothing: no event waits in Mosaic, in an unfinished run or in Firehose, and the last
   * run ended; or a call was denied.
   */
  settled(): Promise<boolean>;
  /** Virtual milliseconds since the last change that a call saw. */
  stalledMs(): number;
}

function progressOf(stream: WorldStream, { world, source }: WatchOptions): StreamProgress {
  const generated = source.generated(stream);
  const collected = generated - source.waiting(stream);
  const parts = stream.destinations.map(({ deliveryStream }) => {
    const { rawBytes, deliveredBytes } = world.firehose.stats(deliveryStream);
    return rawBytes === 0 ? 0 : deliveredBytes / rawBytes;
  });
  return {
    type: stream.type,
    generated,
    collected,
    delivered: Math.round(collected * Math.min(...parts)),
  };
}

/** Messages of objects that are still to be copied. Dead letters are left out: they wait for an operator. */
function queuedOf(stream: WorldStream, world: World): readonly number[] {
  return [...copierQueuesOf(stream, world).values()].map((arn) => {
    const { visible, hidden } = world.sqs.depth(arn);
    return visible + hidden;
  });
}

/** True while a run is on its way, or where one never ended: the next run that ends tells its losses. */
function hasLease(meta: Meta | undefined): boolean {
  return meta?.lease !== undefined;
}
