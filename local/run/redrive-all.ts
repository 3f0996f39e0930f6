import type { ReplaySource } from '../../cli/replay/waiting.ts';
import type { World } from '../world.ts';
import type { WorldStream } from '../world-streams.ts';
import { redrive } from './redrive.ts';
import type { RunContext } from './run-context.ts';

/** What a whole run has re-driven. */
export interface RedrivenAll {
  /** Of a stream: events by destination. */
  of(stream: string): Readonly<Record<string, number>>;
  /** What was still refused in the end, a line each. */
  readonly failures: readonly string[];
}

/** Re-drives, lets what was re-driven arrive, and looks again until nothing is left. */
export async function redriveAll(
  settle: () => Promise<void>,
  { world, stage, streams, sources, context: { signal } }: RedriveAllOptions,
): Promise<RedrivenAll> {
  const counts = new Map<string, Record<string, number>>();
  for (const { name, destinations } of streams)
    counts.set(name, Object.fromEntries(destinations.map((destination) => [destination.name, 0])));
  let lost = losersOf(streams, world);
  for (let round = 1; ; round += 1) {
    const redriven = await redrive(world, { stage, streams, sources, lost, signal });
    // From the journal once is enough: nothing fails any more.
    lost = new Set();
    for (const [stream, byDestination] of counts) {
      for (const name of Object.keys(byDestination)) byDestination[name]! += redriven.of(stream, name);
    }
    if (redriven.total === 0 || round === mostRounds)
      return { of: (stream) => counts.get(stream) ?? {}, failures: redriven.failures };
    await settle();
  }
}

/** One is enough where nothing fails any more. */
const mostRounds = 5;

/** Delivery streams that gave up data for good. */
function losersOf(streams: readonly WorldStream[], { firehose }: World): ReadonlySet<string> {
  const names = streams.flatMap(({ destinations }) => destinations.map((one) => one.deliveryStream));
  return new Set(names.filter((name) => firehose.stats(name).lostRecords > 0));
}

interface RedriveAllOptions {
  readonly world: World;
  readonly stage: string;
  readonly streams: readonly WorldStream[];
  readonly sources?: readonly ReplaySource[];
  readonly context: Pick<RunContext, 'signal'>;
}
