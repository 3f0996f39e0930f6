import type { AwsCall, FirehoseFaults } from '@mosaic-relay/cdk-loopback';
import type { WorldStream } from '../../../local/world-streams.ts';
import type { FaultInjector } from './fault-injector.ts';

/**
 * Follows the answers that S3 refused to journal and that Firehose then refused as well: without a witness these
 * may be lost although no process was killed.
 */
export function createJournalLosses(injector: FaultInjector): JournalLosses {
  /** Refusals by the number of Mosaic's answered call. */
  const refusals = new Map<number, { readonly stream: string; readonly at: number }>();
  const failures = new Map<string, number[]>();
  const failed = (stream: WorldStream | undefined): void => {
    const clock = injector.stage()?.world.clock;
    if (clock === undefined || stream === undefined) return;
    failures.set(stream.name, [...(failures.get(stream.name) ?? []), clock.now()]);
  };
  const ownerOf = (deliveryStream: string): WorldStream | undefined =>
    injector
      .stage()
      ?.streams.find((one) => one.destinations.some((each) => each.deliveryStream === deliveryStream));
  return {
    refused(stream) {
      const stage = injector.stage();
      const latest = injector.latestCollect(stream);
      if (stage === undefined || latest === undefined) return;
      const now = stage.world.clock.now();
      // The caller may be the run of an earlier call, beside a later one that was answered since.
      for (const [call, { stream: name, at }] of refusals)
        if (name === stream.name && at > now - runMs) refusals.set(call, { stream: name, at: now });
      refusals.set(latest, { stream: stream.name, at: now });
    },
    callFailed(call) {
      if (call.service === 'firehose') failed(injector.callerOf(call)?.stream);
    },
    watched: (faults) => ({
      ...faults,
      throttleCall(deliveryStream) {
        const throttled = faults.throttleCall?.(deliveryStream) ?? false;
        if (throttled) failed(ownerOf(deliveryStream));
        return throttled;
      },
      onThrottled: (deliveryStream) => failed(ownerOf(deliveryStream)),
      refuseRecord(deliveryStream, index) {
        const refusal = faults.refuseRecord?.(deliveryStream, index);
        if (refusal !== undefined) failed(ownerOf(deliveryStream));
        return refusal;
      },
    }),
    wasRefused: (call) => refusals.has(call),
    causeOf(call) {
      const refusal = refusals.get(call);
      if (refusal === undefined) return undefined;
      const within = (at: number): boolean => at > refusal.at - runMs && at < refusal.at + lastResortMs;
      return failures.get(refusal.stream)?.some(within) ? 'refused by S3 and then by Firehose' : undefined;
    },
  };
}

export interface JournalLosses {
  /** Called when S3 takes no answer of that stream. */
  refused(stream: WorldStream): void;
  /** Called for every call that a fault meets. */
  callFailed(call: AwsCall): void;
  /** The same faults of Firehose, with this watching them. */
  watched(faults: FirehoseFaults): FirehoseFaults;
  /** True if S3 took no answer of the stream while that call was its latest. */
  wasRefused(call: number): boolean;
  /** The reason why the answer of that call of Mosaic may be lost. */
  causeOf(call: number): string | undefined;
}

/** The longest time of a run: a destination that refused a batch gets no more of that run, its last resort included. */
const runMs = 300_000;
/** From the last refusal of S3 to the last attempt with Firehose. */
const lastResortMs = 20_000;
