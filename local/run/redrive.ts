import { streamOf } from '../../cli/access/deployed-relay.ts';
import { replay } from '../../cli/replay/replay.ts';
import type { ReplayReport } from '../../cli/replay/replay-report.ts';
import type { ReplaySource } from '../../cli/replay/waiting.ts';
import type { World } from '../world.ts';
import type { WorldStream } from '../world-streams.ts';
import { deployedRelay } from './deployed-relay.ts';

/** The re-driven events, and those that could not be. */
export interface Redriven {
  /** Events, by stream and destination. */
  of(stream: string, destination: string): number;
  /** Late events that were left out: their bytes as they waited, by stream and destination. */
  readonly leftOut: LeftOut;
  readonly total: number;
  /** A line each. */
  readonly failures: readonly string[];
}

/**
 * Sends the events in backups and dead-letter queues again, by the code of an operator's `replay`. Messages in a
 * queue need no replay.
 */
export async function redrive(world: World, options: RedriveOptions): Promise<Redriven> {
  const relay = deployedRelay(world, options.stage);
  const events = new Map<string, number>();
  const failures: string[] = [];
  const leftOut = new Map<string, Buffer[]>();
  const send = async (stream: string, what: What): Promise<void> => {
    const replaying = replay({
      relay,
      stream: streamOf(relay, stream),
      ...what,
      rate: Number.POSITIVE_INFINITY,
      signal: options.signal,
      onLeftOut(destination, bytes) {
        const key = placeOf(stream, destination);
        const some = leftOut.get(key) ?? [];
        some.push(Buffer.from(bytes));
        leftOut.set(key, some);
      },
    });
    // The clock must not jump while the replay is at work.
    const report = await world.clock.busy(replaying);
    for (const [destination, sent] of Object.entries(report.sent)) {
      const count = Object.values(sent).reduce((sum, one) => sum + one, 0);
      const key = placeOf(stream, destination);
      events.set(key, (events.get(key) ?? 0) + count);
    }
    failures.push(...failuresOf(report).map((line) => `${stream}: ${line}`));
  };
  try {
    for (const { name, destinations } of options.streams) {
      options.say?.(`Redelivering what ${listed(destinations.map((one) => one.name))} refused of ${name}`);
      await send(name, { sources: options.sources ?? whereRefusedEventsWait });
      for (const destination of destinations) {
        // Plain S3 has no backup. Objects that it refused for 24 hours are in the journal alone.
        if (!options.lost?.has(destination.deliveryStream)) continue;
        options.say?.(`Redelivering the journal of ${name} to ${destination.name}, which gave up events`);
        await send(name, { sources: ['journal'], destination: destination.name });
      }
    }
  } finally {
    relay.close();
  }
  return {
    of: (stream, destination) => events.get(placeOf(stream, destination)) ?? 0,
    leftOut: (stream, destination) => leftOut.get(placeOf(stream, destination)) ?? [],
    total: [...events.values()].reduce((sum, count) => sum + count, 0),
    failures,
  };
}

/** Late events that a replay has left out, each as it waited: an event, or a line that was written before. */
export type LeftOut = (stream: string, destination: string) => readonly Buffer[];

export interface RedriveOptions {
  readonly stage: string;
  readonly streams: readonly WorldStream[];
  /** Backups and dead-letter queues when absent. */
  readonly sources?: readonly ReplaySource[];
  /** Delivery streams to which the whole journal is sent again. */
  readonly lost?: ReadonlySet<string>;
  readonly signal: AbortSignal;
  /** Told what is under way. */
  readonly say?: (text: string) => void;
}

/** `lake and splunk` */
function listed(names: readonly string[]): string {
  return names.join(' and ');
}

const whereRefusedEventsWait: readonly ReplaySource[] = ['firehose-errors', 'queues'];

function placeOf(stream: string, destination: string): string {
  return `${stream}/${destination}`;
}

interface What {
  readonly sources: readonly ReplaySource[];
  readonly destination?: string;
}

/**
 * The failures of a replay, without the events that no destination can take: those stay in quarantine and are
 * counted there.
 */
function failuresOf({ failed }: ReplayReport): readonly string[] {
  const unexpected = failed.filter(({ source, reason }) => !(mayStay.has(source) && stays.test(reason)));
  return unexpected.map(({ key, reason }) => `${key} was not re-driven: ${reason}`);
}

const mayStay: ReadonlySet<ReplaySource> = new Set(['quarantine', 'journal']);
const stays = /: no destination can take it$|: it lies in quarantine$|too large$|above-record-limit/;
