import { declaredAlarms } from '../../metrics/declared-alarms.ts';
import { firehoseMetrics } from '../../metrics/firehose-metrics.ts';
import { createMetricStore } from '../../metrics/metric-store.ts';
import type { Deployment } from '../cloudformation/deployment.ts';
import type { FirehoseStandIn } from '../firehose/firehose.ts';
import type { MetricBoard } from './metric-board.ts';

/** What there is to tell where nobody watches a run's metrics: Firehose's own, and alarms that nobody judges. */
export function servicesBoard(options: {
  readonly deployment: () => Deployment;
  readonly firehose: Pick<FirehoseStandIn, 'metrics'>;
}): () => MetricBoard {
  const store = createMetricStore();
  const refresh = firehoseMetrics(options.firehose.metrics, store);
  let made: { readonly of: Deployment; readonly board: MetricBoard } | undefined;
  return () => {
    const of = options.deployment();
    if (made?.of !== of) made = { of, board: { store, refresh, ...declaredAlarms(of, store) } };
    return made.board;
  };
}
