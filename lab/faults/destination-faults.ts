import { createRandom } from '@mosaic-relay/mosaic-simulator';
import {
  type DestinationStage,
  faultyDestinations,
  ownFaultsOf,
} from '../../local/run/breaking/faulty-destinations.ts';
import { createS3Faults } from '../../local/run/breaking/s3-faults.ts';
import type { FaultSet, PreparedFaults } from '../../local/run/fault-set.ts';
import type { WorldStream } from '../../local/world-streams.ts';
import { type Episode, inARow, scattered } from './episodes.ts';
import { createPutFaults } from './put-faults.ts';

/**
 * Hours in which every destination meets each fault that its protocol can have, one after the other, while
 * Firehose throttles, refuses, loses answers and overshoots its buffers.
 */
export const destinationFaults: FaultSet = { prepare: (seed) => createDestinationFaults(seed) };

export function createDestinationFaults(
  seed: number,
  { most = Number.POSITIVE_INFINITY, leastMs = 0, daysDown }: DestinationFaultOptions = {},
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
      const downFor = new Set(daysDown && oneOfEach(stage, daysDown.choice));
      const rows = faultyDestinations(stage).map((one) => {
        const random = createRandom('destinations', seed, one.key);
        const faults = ownFaultsOf(one, stage, s3);
        const episodes = downFor.has(one.key) ? [] : inARow(faults, random).slice(0, most);
        return { ...one, faults, episodes };
      });
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
      for (const { stream, key, faults } of daysDown === undefined ? [] : rows) {
        const outage = faults.find(({ name }) => outageNames.has(name));
        if (!downFor.has(key) || outage === undefined) continue;
        const begin = () => outage.begin(0);
        start(stream, { name: 'down for days', from: daysDown!.fromMs, to: daysDown!.toMs, begin });
      }
      timers.push(clock.at(startedAt + Math.max(lastsMs, daysDown?.toMs ?? 0) + 1, end));
      return lastsMs;
    },
    over: () => over,
    end,
    befell: ({ name }) => Object.fromEntries(counts.get(name) ?? []),
  };
}

export interface DestinationFaultOptions {
  /** Number of a destination's own faults in a row; all of them when absent. */
  readonly most?: number;
  /** The least length, also where the faults are over earlier. */
  readonly leastMs?: number;
  /** In that time one destination of each stream takes nothing, and meets no other fault of its own. */
  readonly daysDown?: {
    readonly fromMs: number;
    readonly toMs: number;
    /** Which one, 0 <= x < 1. */
    readonly choice: number;
  };
}

/** Names of the fault that takes a destination down, by the protocol. */
const outageNames = new Set(['outage', 'S3 outage']);

/** The key of one destination of each stream. */
function oneOfEach(stage: DestinationStage, choice: number): readonly string[] {
  return stage.streams.flatMap(({ name, destinations }) => {
    const chosen = destinations[Math.floor(choice * destinations.length)];
    return chosen === undefined ? [] : [`${name}/${chosen.name}`];
  });
}

function speaksHttp(deliveryStream: string, { world }: DestinationStage): boolean {
  const resources = world.deployment.byType('AWS::KinesisFirehose::DeliveryStream');
  const resource = resources.find(({ physicalId }) => physicalId === deliveryStream);
  return resource?.properties.HttpEndpointDestinationConfiguration !== undefined;
}
