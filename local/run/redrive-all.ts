import type { ReplaySource } from '../../cli/replay/waiting.ts';
import type { World } from '../world.ts';
import type { WorldStream } from '../world-streams.ts';
import { everyStreamOf } from './destination-streams.ts';
import { type LeftOut, redrive } from './redrive.ts';
import type { RunContext } from './run-context.ts';

/** The events that a whole run has re-driven. */
export interface RedrivenAll {
  /** A stream's events by destination. */
  of(stream: string): Readonly<Record<string, number>>;
  readonly leftOut: LeftOut;
  /** The refusals that were left in the end, a line each. */
  readonly failures: readonly string[];
}

/** Re-drives, waits until the re-driven events have arrived, and looks again until none is left. */
export async function redriveAll(
  settle: () => Promise<void>,
  { world, stage, streams, sources, say, context: { signal } }: RedriveAllOptions,
): Promise<RedrivenAll> {
  const counts = new Map<string, Record<string, number>>();
  for (const { name, destinations } of streams)
    counts.set(name, Object.fromEntries(destinations.map((destination) => [destination.name, 0])));
  const leftOut: LeftOut[] = [];
  let lost = losersOf(streams, world);
  for (let round = 1; ; round += 1) {
    const redriven = await redrive(world, { stage, streams, sources, lost, signal, say });
    leftOut.push(redriven.leftOut);
    // The journal is read only once, since no delivery fails any more.
    lost = new Set();
    for (const [stream, byDestination] of counts) {
      for (const name of Object.keys(byDestination)) byDestination[name]! += redriven.of(stream, name);
    }
    if (redriven.total === 0 || round === mostRounds)
      return {
        of: (stream) => counts.get(stream) ?? {},
        leftOut: (stream, destination) => leftOut.flatMap((round) => round(stream, destination)),
        failures: redriven.failures,
      };
    say?.('Waiting until what was redelivered has arrived');
    await settle();
  }
}

/** Rounds at most; one is enough where no delivery fails any more. */
const mostRounds = 5;

/** Delivery streams of destinations that gave up data for good, be it in a delivery stream that was kept. */
function losersOf(streams: readonly WorldStream[], world: World): ReadonlySet<string> {
  const losing = streams
    .flatMap(({ destinations }) => destinations)
    .filter((one) => everyStreamOf(one, world).some((name) => world.firehose.stats(name).lostRecords > 0));
  return new Set(losing.map(({ deliveryStream }) => deliveryStream));
}

interface RedriveAllOptions {
  readonly world: World;
  readonly stage: string;
  readonly streams: readonly WorldStream[];
  readonly sources?: readonly ReplaySource[];
  /** Told what is under way. */
  readonly say?: (text: string) => void;
  readonly context: Pick<RunContext, 'signal'>;
}
