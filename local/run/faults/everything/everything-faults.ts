import { draw } from '../../../mosaic/random.ts';
import { createDestinationFaults } from '../destination-faults.ts';
import type { FaultSet, SettingsChange } from '../fault-set.ts';
import { createCallFaults } from './call-faults.ts';
import { createFaultDesk } from './fault-desk.ts';
import { createInvocationFaults, createTickFaults } from './invocation-faults.ts';
import { createMosaicFaults } from './mosaic-faults.ts';
import { restoreTable } from './table-restore.ts';

/**
 * Hours in which nothing can be relied on: collectors are killed at any step, AWS and Mosaic fail before and after
 * each effect, clocks and ticks are wrong, and destinations fail one way after the other.
 */
export const everythingFaults: FaultSet = {
  witness: 'recover',
  raiseEveryMs: 10 * 60_000,
  prepare(seed, { events }) {
    const desk = createFaultDesk(seed);
    // Few events are for many runs, most of which are spared the hours that a trouble of a destination lasts.
    const long = events > fewEvents || draw(seed, 'long') < 1 / 8;
    const destinations = createDestinationFaults(seed, {
      most: long ? 1 : 0,
      leastMs: long ? longMs : shortMs,
    });
    const ofCalls = createCallFaults(desk);
    const ofDestinations = destinations.world.gateway?.interfere;
    const restores = long && draw(seed, 'restore') < 0.4;
    const changes = long && draw(seed, 'changes') < 0.4 ? destinationComesAndGoes : undefined;
    let over = false;
    let auditedAt = Number.POSITIVE_INFINITY;
    let now = (): number => 0;
    const end = (): void => {
      desk.end();
      destinations.end();
      over = true;
    };
    return {
      world: {
        gateway: { interfere: (call) => ofDestinations?.(call) ?? ofCalls(call) },
        firehose: destinations.world.firehose,
        lambda: {
          beforeInvoke: createInvocationFaults(desk),
          onInvocation: ({ functionName }) => desk.ended(functionName),
          freeze: draw(seed, 'freeze') < 0.5,
        },
        scheduler: { interfere: createTickFaults(desk) },
      },
      mosaic: createMosaicFaults(desk),
      begin(stage) {
        const { clock } = stage.world;
        const lastsMs = destinations.begin(stage);
        desk.begin(stage);
        clock.at(clock.now() + lastsMs, end);
        now = clock.now;
        // What a restored table has forgotten is found by the daily audit.
        auditedAt = now() + (restores ? auditMs : 0);
        if (restores) restoreTable(desk, draw(seed, 'restore', 'from') * (longMs - restoreMs));
        return lastsMs;
      },
      over: () => over && destinations.over() && now() >= auditedAt,
      end,
      befell: (stream) => ({ ...destinations.befell(stream), ...desk.befell(stream) }),
      causeOf: desk.killedAfter,
      changes,
      note: desk.note,
    };
  },
};

const fewEvents = 200;
const shortMs = 55 * 60_000;
const longMs = 2 * 3_600_000;
/** What is owed to it waits in the journal while it is gone. */
const destinationComesAndGoes: readonly SettingsChange[] = [
  { afterMs: 15 * 60_000, to: 'one destination more', name: 'destination added' },
  { afterMs: 50 * 60_000, to: 'as written', name: 'destination removed' },
  { afterMs: 90 * 60_000, to: 'one destination more', name: 'destination put back' },
];
/** From remembering the table to having restored it. */
const restoreMs = 65 * 60_000;
/** The audit is due a day after the first sweep. */
const auditMs = 25 * 3_600_000;
