import { draw } from '../../../mosaic/random.ts';
import { createDestinationFaults } from '../destination-faults.ts';
import type { FaultSet } from '../fault-set.ts';
import { createCallFaults } from './call-faults.ts';
import { createFaultDesk } from './fault-desk.ts';
import { createInvocationFaults, createTickFaults } from './invocation-faults.ts';
import { createMosaicFaults } from './mosaic-faults.ts';

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
    let over = false;
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
        return lastsMs;
      },
      over: () => over && destinations.over(),
      end,
      befell: (stream) => ({ ...destinations.befell(stream), ...desk.befell(stream) }),
      causeOf: desk.killedAfter,
    };
  },
};

const fewEvents = 200;
const shortMs = 55 * 60_000;
const longMs = 2 * 3_600_000;
