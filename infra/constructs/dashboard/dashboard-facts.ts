import type { Thresholds } from '../../config/alarm-thresholds.ts';
import type { RestingCost } from '../../config/cost-at-rest.ts';
import type { Stage } from '../../config/settings.ts';
import type { Stream } from '../../config/stream-settings.ts';
import type { WatchedDestination } from '../alarms/destination-alarms.ts';

/** The facts that a stage's dashboard is made from. */
export interface DashboardFacts {
  readonly stage: Stage;
  /** Names of the stage's own alarms. */
  readonly alarms: readonly string[];
  readonly streams: readonly StreamFacts[];
  /** Of the whole stage, this dashboard included. */
  readonly atRest: readonly RestingCost[];
}

export interface StreamFacts {
  readonly stream: Stream;
  readonly functionName: string;
  readonly destinations: readonly WatchedDestination[];
  readonly thresholds: Thresholds;
  /** Names of its alarms. */
  readonly alarms: readonly string[];
}
