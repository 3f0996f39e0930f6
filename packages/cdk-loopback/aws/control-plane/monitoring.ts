import type { AlarmDefinition } from '../../metrics/alarm-definition.ts';
import type { AlarmEvaluator } from '../../metrics/alarm-evaluator.ts';
import type { CompositeDefinition } from '../../metrics/composite-definition.ts';
import type { MetricStore } from '../../metrics/metric-store.ts';

/** CloudWatch's knowledge of a stack: metrics, alarms and their states. */
export interface Monitoring {
  readonly store: MetricStore;
  readonly alarms: readonly AlarmDefinition[];
  readonly composites: readonly CompositeDefinition[];
  readonly evaluator: AlarmEvaluator;
  /** Brings in what services counted since they were last asked. */
  refresh(): void;
}

export interface CloudWatchOptions {
  /** For as long as none is attached. */
  readonly monitoring: () => Monitoring;
  readonly now: () => number;
  readonly accountId: string;
  readonly region: string;
  /** To an SNS topic. */
  readonly publish: (
    topicArn: string,
    notice: { readonly subject: string; readonly message: string },
  ) => void;
}
