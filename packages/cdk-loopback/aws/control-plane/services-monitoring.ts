import { declaredAlarms } from '../../metrics/declared-alarms.ts';
import { firehoseMetrics } from '../../metrics/firehose-metrics.ts';
import { createMetricStore } from '../../metrics/metric-store.ts';
import type { Deployment } from '../cloudformation/deployment.ts';
import type { FirehoseStandIn } from '../firehose/firehose.ts';
import type { Monitoring } from './monitoring.ts';

/** The monitoring of a stack whose metrics nobody watches: Firehose's own metrics, and alarms without a state. */
export function servicesMonitoring(options: {
  readonly deployment: () => Deployment;
  readonly firehose: Pick<FirehoseStandIn, 'metrics'>;
}): () => Monitoring {
  const store = createMetricStore();
  const refresh = firehoseMetrics(options.firehose.metrics, store);
  let made: { readonly of: Deployment; readonly monitoring: Monitoring } | undefined;
  return () => {
    const of = options.deployment();
    if (made?.of !== of) made = { of, monitoring: { store, refresh, ...declaredAlarms(of, store) } };
    return made.monitoring;
  };
}
