import type { FirehoseFaults } from '../../../aws/firehose/faults.ts';
import { createDestinationFaults } from '../destination-faults.ts';
import type { FaultSet } from '../fault-set.ts';
import { createCallFaults } from './call-faults.ts';
import { createFaultDesk } from './fault-desk.ts';
import { createInvocationFaults, createTickFaults } from './invocation-faults.ts';
import { createJournalLosses } from './journal-losses.ts';
import { createMosaicFaults } from './mosaic-faults.ts';
import { createOutages } from './outages.ts';
import { planEverything } from './plan.ts';
import { restoreTable } from './table-restore.ts';

/**
 * Hours in which nothing can be relied on: collectors are killed at any step, AWS and Mosaic fail before and after
 * each effect, clocks and ticks are wrong, and destinations fail one way after the other.
 */
export const everythingFaults: FaultSet = {
  witness: 'recover',
  redrives: ['firehose-errors', 'queues', 'quarantine'],
  raiseEveryMs: 10 * 60_000,
  prepare(seed, options) {
    const plan = planEverything(seed, options);
    const desk = createFaultDesk(seed);
    const destinations = createDestinationFaults(seed, {
      most: plan.episodes,
      leastMs: plan.lastsMs,
      daysDown: plan.daysDown,
    });
    const losses = createJournalLosses(desk);
    const outages = createOutages(desk, plan, losses);
    const ofCalls = createCallFaults(desk);
    const ofDestinations = destinations.world.gateway?.interfere;
    const ofMosaic = createMosaicFaults(desk);
    const puts = destinations.world.firehose?.faults;
    const ofFirehose: FirehoseFaults = {
      ...puts,
      throttleCall: (name) => outages.refusesPuts(name) || (puts?.throttleCall?.(name) ?? false),
    };
    let auditedAt = Number.POSITIVE_INFINITY;
    let now = (): number => 0;
    return {
      world: {
        gateway: {
          interfere(call) {
            const interference = ofDestinations?.(call) ?? outages.interfere(call) ?? ofCalls(call);
            if (interference !== undefined) losses.callFailed(call);
            return interference;
          },
        },
        firehose: { faults: losses.watched(ofFirehose) },
        lambda: {
          beforeInvoke: createInvocationFaults(desk),
          onInvocation: ({ functionName }) => desk.ended(functionName),
          freeze: plan.freeze,
        },
        scheduler: { interfere: createTickFaults(desk) },
      },
      mosaic: (call) => outages.mosaic(call) ?? ofMosaic(call),
      begin(stage) {
        const { clock } = stage.world;
        const lastsMs = destinations.begin(stage);
        desk.begin(stage);
        outages.begin(stage);
        clock.at(clock.now() + lastsMs, desk.end);
        now = clock.now;
        auditedAt = now();
        if (plan.restoreFromMs !== undefined) {
          // What a restored table has forgotten is found by the daily audit.
          auditedAt += auditMs;
          restoreTable(desk, plan.restoreFromMs);
        }
        return lastsMs;
      },
      over: () => desk.stage() === undefined && destinations.over() && now() >= auditedAt,
      end() {
        desk.end();
        destinations.end();
      },
      befell: (stream) => ({ ...destinations.befell(stream), ...desk.befell(stream) }),
      causeOf: (call) => desk.killedAfter(call) ?? losses.causeOf(call),
      journalRefused: losses.wasRefused,
      changes: plan.changes,
      note: desk.note,
    };
  },
};

/** The audit is due a day after the first sweep. */
const auditMs = 25 * 3_600_000;
