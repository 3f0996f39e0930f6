import type { LateEvents } from './late-events.ts';
import type { MetaItem } from './meta.ts';
import type { OpenRuns } from './open-runs.ts';
import type { RetiringStreams } from './retiring-streams.ts';
import type { RunRecords } from './run-records.ts';
import type { Tries } from './tries.ts';

/**
 * One stream's metadata in the table, by what an item is about.
 *
 * Every method throws when the table refuses or does not answer; the write may then have happened. Each write may be
 * repeated: a second one of the same changes nothing.
 */
export interface State {
  readonly meta: MetaItem;
  readonly retiring: RetiringStreams;
  readonly openRuns: OpenRuns;
  readonly tries: Tries;
  readonly lateEvents: LateEvents;
  readonly records: RunRecords;
}
