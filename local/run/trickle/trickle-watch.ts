import type { AwsCall, Invocation } from '@mosaic-relay/cdk-loopback';
import type { Simulator } from '@mosaic-relay/mosaic-simulator';
import { count, durationText } from '../../../cli/text.ts';
import type { World } from '../../world.ts';
import type { WorldStream } from '../../world-streams.ts';
import { journaledBy } from '../journal-call.ts';

/** What a steady trickle of events costs a stream, run by run. */
export interface TrickleReport {
  readonly eventsPerSecond: number;
  readonly hours: number;
  /** The longest that an event waited in Mosaic, from when it could be read. */
  readonly oldestWaitSeconds: number;
  /** Every invocation that was to collect, in the order of their ends. */
  readonly runs: readonly TrickleRun[];
}

export interface TrickleRun {
  /** When it began, as ISO 8601. */
  readonly at: string;
  /** That Mosaic answered while it ran. */
  readonly events: number;
  readonly journalObjects: number;
  /** How long the function was busy. */
  readonly busySeconds: number;
}

export interface TrickleOptions {
  readonly eventsPerSecond: number;
  readonly hours: number;
}

export interface TrickleWatch {
  onInvocation(invocation: Invocation): void;
  /** To be told of every call of AWS and the status that its caller got. */
  observe(call: AwsCall, status: number): void;
  reportOf(stream: WorldStream, simulator: Pick<Simulator, 'calls' | 'oldestWaitMs'>): TrickleReport;
}

/** @param sandboxes the processes that run: a call is known by the credentials of its process */
export function watchTrickle(
  trickle: TrickleOptions,
  sandboxes: () => ReturnType<World['lambda']['sandboxes']>,
): TrickleWatch {
  const collects: Invocation[] = [];
  const objects = new Map<string, number>();
  return {
    onInvocation(invocation) {
      const { task } = (invocation.event ?? {}) as { readonly task?: unknown };
      if (task === 'collect') collects.push(invocation);
    },
    observe(call, status) {
      if (status !== 200 || journaledBy(call) === undefined) return;
      const request = sandboxes().find((one) => one.accessKeyId === call.accessKeyId)?.requestId ?? '';
      objects.set(request, (objects.get(request) ?? 0) + 1);
    },
    reportOf({ functionName, type, id }, simulator) {
      const calls = simulator.calls.filter(
        (call) => call.operation === 'collect' && call.type === type && call.streamId === id,
      );
      const runs = collects.filter((invocation) => invocation.functionName === functionName);
      return {
        ...trickle,
        oldestWaitSeconds: simulator.oldestWaitMs(`${type}/${id}`) / 1_000,
        runs: runs.map(({ startedAt, durationMs, requestId }) => ({
          at: new Date(startedAt).toISOString(),
          events: calls
            .filter(({ at }) => at >= startedAt && at <= startedAt + durationMs)
            .reduce((sum, { events }) => sum + events, 0),
          journalObjects: objects.get(requestId) ?? 0,
          busySeconds: durationMs / 1_000,
        })),
      };
    },
  };
}

/** `cis: 12 runs at 20 events a second; at most 15 journal objects and 6 s a run; …` */
export function trickleLine(
  name: string,
  { eventsPerSecond, oldestWaitSeconds, runs }: TrickleReport,
): string {
  const most = (of: (run: TrickleRun) => number): number => Math.max(0, ...runs.map(of));
  return (
    `${name}: ${count(runs.length)} runs at ${count(eventsPerSecond)} events a second; at most ` +
    `${count(most(({ journalObjects }) => journalObjects))} journal objects and ` +
    `${durationText(most(({ busySeconds }) => busySeconds) * 1_000)} a run; an event waited ` +
    `${durationText(oldestWaitSeconds * 1_000)} at most`
  );
}
