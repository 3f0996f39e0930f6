import type { AlarmDefinition } from '../../metrics/alarm-definition.ts';
import type { AlarmDesk } from '../../metrics/alarm-desk.ts';
import type { CompositeDefinition } from '../../metrics/composite-definition.ts';
import type { MetricStore } from '../../metrics/metric-store.ts';

/** What CloudWatch knows in a local run. */
export interface MetricBoard {
  readonly store: MetricStore;
  readonly alarms: readonly AlarmDefinition[];
  readonly composites: readonly CompositeDefinition[];
  readonly desk: AlarmDesk;
  /** Brings in what services counted since they were last asked. */
  refresh(): void;
}

export interface CloudWatchOptions {
  /** For as long as none is attached. */
  readonly board: () => MetricBoard;
  readonly now: () => number;
  readonly accountId: string;
  readonly region: string;
  /** To an SNS topic. */
  readonly publish: (
    topicArn: string,
    notice: { readonly subject: string; readonly message: string },
  ) => void;
}
