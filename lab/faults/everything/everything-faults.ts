import type { FirehoseFaults } from '@mosaic-relay/cdk-loopback';
import type { FaultSet, PreparedFaults } from '../../../local/run/fault-set.ts';
import { asWritten } from '../../../local/run/settings/settings-variants.ts';
import { createDestinationFaults } from '../destination-faults.ts';
import { watchJournalPuts } from '../journal-puts.ts';
import { createCallFaults } from './call-faults.ts';
import { changeByHand } from './changed-by-hand.ts';
import { drawFaults, type EverythingPlan } from './draw-faults.ts';
import { createFaultInjector, type FaultInjector } from './fault-injector.ts';
import { createInvocationFaults, createTickFaults } from './invocation-faults.ts';
import { createJournalLosses } from './journal-losses.ts';
import { createMosaicFaults } from './mosaic-faults.ts';
import { ordealOf } from './ordeal.ts';
import { createOutages } from './outages.ts';
import { createSourceWindows } from './source-windows.ts';
import { createTableRestore } from './table-restore.ts';
import { createViewKeyFaults } from './view-key-faults.ts';

/**
 * Hours in which every part can fail: collectors are killed at any step, AWS and Mosaic fail before and after each
 * effect, clocks and ticks are wrong, tables are put back under living runs, and destinations meet one fault after
 * the other.
 */
export const everythingFaults: FaultSet = {
  witness: 'recover',
  redrives: ['firehose-errors', 'queues', 'quarantine'],
  raiseEveryMs: 10 * 60_000,
  prepare: (seed, options) => prepareFaults(seed, drawFaults(seed, options)),
};

/** Prepares the faults of a plan, and the seed's own faults of single calls, invocations and ticks. */
export function prepareFaults(seed: number, plan: EverythingPlan): EverythingFaults {
  const injector = createFaultInjector(seed);
  const destinations = createDestinationFaults(seed, {
    most: plan.episodes,
    leastMs: plan.lastsMs,
    daysDown: plan.daysDown,
  });
  const losses = createJournalLosses(injector);
  const outages = createOutages(injector, plan, losses);
  const table = createTableRestore(injector, plan.restore);
  const windows = createSourceWindows(injector, plan);
  const viewKeys = createViewKeyFaults(injector, plan);
  const ofCalls = createCallFaults(injector);
  const ofDestinations = destinations.world.gateway?.interfere;
  const ofMosaic = createMosaicFaults(injector);
  const puts = destinations.world.firehose?.faults;
  const ofFirehose: FirehoseFaults = {
    ...puts,
    throttleCall: (name) => outages.refusesPuts(name) || (puts?.throttleCall?.(name) ?? false),
  };
  const journalPuts = watchJournalPuts();
  const callTimes = new Map<number, number>();
  let now = (): number => 0;
  return {
    world: {
      gateway: {
        observe: journalPuts.observe,
        interfere(call) {
          const putBack = table.interfere(call);
          if (putBack !== undefined) return putBack;
          const interference =
            ofDestinations?.(call) ?? outages.interfere(call) ?? viewKeys.interfere(call) ?? ofCalls(call);
          if (interference !== undefined) losses.callFailed(call);
          return interference;
        },
      },
      firehose: { faults: losses.watched(ofFirehose) },
      lambda: {
        beforeInvoke: createInvocationFaults(injector),
        onInvocation: ({ functionName }) => injector.ended(functionName),
        freeze: plan.freeze,
      },
      scheduler: { interfere: createTickFaults(injector) },
    },
    mosaic: async (call) => {
      callTimes.set(call.number, call.at);
      const drawn = (await outages.mosaic(call)) ?? (await ofMosaic(call));
      return { ...windows.planOf(call), ...drawn };
    },
    begin(stage) {
      const { clock } = stage.world;
      const lastsMs = destinations.begin(stage);
      now = clock.now;
      injector.begin(stage);
      outages.begin(stage);
      windows.begin(stage);
      table.begin(stage);
      viewKeys.begin(stage);
      changeByHand(injector, plan, stage);
      clock.at(clock.now() + lastsMs, injector.end);
      return lastsMs;
    },
    over: () => injector.stage() === undefined && destinations.over() && table.over(now()),
    end() {
      injector.end();
      destinations.end();
    },
    befell: (stream) => ({ ...destinations.befell(stream), ...injector.befell(stream) }),
    ordealOf: (stream, facts) =>
      ordealOf(stream, facts, {
        causeOf: (call) => injector.killedAfter(call) ?? losses.causeOf(call),
        journalRefused: losses.wasRefused,
        forgets: (call) => table.forgets(callTimes.get(call) ?? 0),
        journalPuts,
      }),
    settings: { ...asWritten, more: plan.more, views: plan.views },
    changes: plan.changes,
    ...(plan.backlog && { raiseEveryMs: Number.POSITIVE_INFINITY }),
    note: injector.note,
    injector,
  };
}

export interface EverythingFaults extends PreparedFaults {
  readonly injector: FaultInjector;
}
