import type { Tick } from '../aws/scheduler.ts';
import type { MetricStore } from './metric-store.ts';

/**
 * Tells the store what EventBridge Scheduler counts, by `ScheduleGroup`; pass it every tick.
 *
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/monitoring-cloudwatch.html
 */
export function schedulerMetrics(store: MetricStore): (tick: Tick) => void {
  return ({ schedule, scheduledAt }) => {
    const [group = 'default'] = schedule.name.split('/');
    const metric = {
      namespace: 'AWS/Scheduler',
      name: 'InvocationAttemptCount',
      dimensions: { ScheduleGroup: group },
    };
    store.add(metric, { time: scheduledAt, value: 1, unit: 'Count' });
  };
}
