import { createRandom } from '../../mosaic/random.ts';
import type { WorldStream } from '../../world-streams.ts';
import { copierQueuesOf } from '../copier-queues.ts';
import type { LocalStage } from '../local-stage.ts';
import { type Episode, inARow, scattered } from './episodes.ts';
import type { FaultSet, PreparedFaults } from './fault-set.ts';
import { createPutFaults } from './put-faults.ts';
import { receiverFaults } from './receiver-faults.ts';
import { createS3Faults } from './s3-faults.ts';

/**
 * Hours in which every destination goes through everything that its protocol knows to go wrong, one thing after the
 * other, while Firehose throttles, refuses, loses answers and overshoots its buffers.
 */
export const destinationFaults: FaultSet = { prepare: (seed) => createDestinationFaults(seed) };

/**
 * @param options.most of a destination's own faults in a row; all when absent
 * @param options.leastMs lasts so long even where they are over before
 */
export function createDestinationFaults(
  seed: number,
  {
    most = Number.POSITIVE_INFINITY,
    leastMs = 0,
  }: { readonly most?: number; readonly leastMs?: number } = {},
): PreparedFaults {
  const puts = createPutFaults(seed);
  const s3 = createS3Faults();
  const counts = new Map<string, Map<string, number>>();
  const running = new Set<() => void>();
  const timers: (() => void)[] = [];
  let over = false;
  const end = (): void => {
    for (const cancel of timers.splice(0)) cancel();
    for (const stop of running) stop();
    running.clear();
    over = true;
  };
  const note = (stream: WorldStream, name: string): void => {
    const tally = counts.get(stream.name) ?? new Map<string, number>();
    counts.set(stream.name, tally.set(name, (tally.get(name) ?? 0) + 1));
  };
  return {
    world: { gateway: { interfere: s3.interfere }, firehose: { faults: puts.hooks } },
    begin(stage) {
      const { clock } = stage.world;
      const startedAt = clock.now();
      const rows = destinationsOf(stage).map((one) => ({
        ...one,
        episodes: inARow(faultsOf(one, stage, s3), createRandom('destinations', seed, one.key)).slice(
          0,
          most,
        ),
      }));
      const lastsMs = Math.max(leastMs, ...rows.flatMap(({ episodes }) => episodes.map(({ to }) => to)));
      const start = (stream: WorldStream, { name, from, to, begin }: Episode): void => {
        timers.push(
          clock.at(startedAt + from, () => {
            note(stream, name);
            const stop = begin();
            running.add(stop);
            timers.push(
              clock.at(startedAt + to, () => {
                running.delete(stop);
                stop();
              }),
            );
          }),
        );
      };
      for (const { stream, key, deliveryStream, episodes } of rows) {
        const random = createRandom('puts', seed, key);
        const ofPuts = puts.of(deliveryStream, speaksHttp(deliveryStream, stage));
        for (const episode of [...episodes, ...scattered(ofPuts, lastsMs, random)]) start(stream, episode);
      }
      timers.push(clock.at(startedAt + lastsMs + 1, end));
      return lastsMs;
    },
    over: () => over,
    end,
    befell: ({ name }) => Object.fromEntries(counts.get(name) ?? []),
  };
}

interface FaultyDestination {
  readonly stream: WorldStream;
  readonly name: string;
  /** `<stream>/<name>` */
  readonly key: string;
  readonly deliveryStream: string;
}

type Stage = Pick<LocalStage, 'world' | 'streams' | 'receivers'>;

function destinationsOf({ streams }: Stage): readonly FaultyDestination[] {
  return streams.flatMap((stream) =>
    stream.destinations.map(({ name, deliveryStream }) => ({
      stream,
      name,
      key: `${stream.name}/${name}`,
      deliveryStream,
    })),
  );
}

function speaksHttp(deliveryStream: string, { world }: Stage): boolean {
  const resources = world.deployment.byType('AWS::KinesisFirehose::DeliveryStream');
  const resource = resources.find(({ physicalId }) => physicalId === deliveryStream);
  return resource?.properties.HttpEndpointDestinationConfiguration !== undefined;
}

function faultsOf(
  { stream, name, key }: FaultyDestination,
  { world, receivers }: Stage,
  s3: ReturnType<typeof createS3Faults>,
) {
  const received = receivers.of(stream.name, name);
  if (received === undefined) return s3.of(`delivered/${key}/`);
  const copied = copierQueuesOf(stream, world).has(name);
  return receiverFaults(received, { clock: world.clock, copied });
}
