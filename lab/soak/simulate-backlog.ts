import { hourMs, type SoakOptions, type SoakResult, simulate } from './soak-part.ts';

/**
 * Simulates a backlog: all events wait in Mosaic when the first run begins, and Firehose has the quota of a large
 * region.
 */
export function simulateBacklog(options: SoakOptions): Promise<SoakResult> {
  return simulate(options, {
    name: 'backlog',
    types: ['cis'],
    source: [],
    world: {},
    begin({ source, streams }) {
      source.generate(streams, options.events, hourMs);
      return () => true;
    },
    faults: () => ({}),
  });
}
