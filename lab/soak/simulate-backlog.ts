import { hourMs, type SoakOptions, type SoakResult, simulate } from './soak-part.ts';

/** Events that have all been waiting when the first run begins, against what Firehose accepts in a large region. */
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
