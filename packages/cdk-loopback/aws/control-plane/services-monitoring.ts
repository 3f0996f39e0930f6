import { declaredAlarms } from '../../metrics/declared-alarms.ts';
import { firehoseMetrics } from '../../metrics/firehose-metrics.ts';
import { createMetricStore } from '../../metrics/metric-store.ts';
import type { Deployment } from '../cloudformation/deployment.ts';
import type { FirehoseStandIn } from '../firehose/firehose.ts';
import type { Monitoring } from './monitoring.ts';

/** What there is to tell where nobody watches a run's metrics: Firehose's own, and alarms that nobody judges. */
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
