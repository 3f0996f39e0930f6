import { streamOf } from '../../cli/access/deployed-relay.ts';
import { replay } from '../../cli/replay/replay.ts';
import type { World } from '../world.ts';
import type { WorldStream } from '../world-streams.ts';
import { deployedRelay } from './deployed-relay.ts';

/** What was re-driven, and what could not be. */
export interface Redriven {
  /** Events, by stream and destination. */
  of(stream: string, destination: string): number;
  readonly total: number;
  /** A line each. */
  readonly failures: readonly string[];
}

/**
 * Sends again what lies in backup prefixes and dead-letter queues, by what an operator's `replay` calls. What waits in
 * a queue comes back by itself.
 */
export async function redrive(
  world: World,
  options: {
    readonly stage: string;
    readonly streams: readonly WorldStream[];
    readonly signal: AbortSignal;
  },
): Promise<Redriven> {
  const relay = deployedRelay(world, options.stage);
  const events = new Map<string, number>();
  const failures: string[] = [];
  try {
    for (const { name } of options.streams) {
      const replaying = replay({
        relay,
        stream: streamOf(relay, name),
        sources: ['firehose-errors', 'queues'],
        rate: Number.POSITIVE_INFINITY,
        signal: options.signal,
      });
      // The clock must not jump over what it waits for.
      const report = await world.clock.busy(replaying);
      for (const [destination, sent] of Object.entries(report.sent)) {
        const count = Object.values(sent).reduce((sum, one) => sum + one, 0);
        events.set(`${name}/${destination}`, count);
      }
      failures.push(
        ...report.failed.map(({ key, reason }) => `${name}: ${key} was not re-driven: ${reason}`),
      );
    }
  } finally {
    relay.close();
  }
  return {
    of: (stream, destination) => events.get(`${stream}/${destination}`) ?? 0,
    total: [...events.values()].reduce((sum, count) => sum + count, 0),
    failures,
  };
}
