import type { LambdaHostOptions } from '../aws/lambda/host.ts';
import type { SchedulerOptions } from '../aws/scheduler.ts';
import type { Cancel, VirtualClock } from '../clock/virtual-clock.ts';
import type { LocalStack } from '../local-stack.ts';
import type { AlarmDefinition } from './alarm-definition.ts';
import type { AlarmEvaluator } from './alarm-evaluator.ts';
import type { CompositeDefinition } from './composite-definition.ts';
import { declaredAlarms } from './declared-alarms.ts';
import { readEmfLine } from './emf.ts';
import { firehoseMetrics } from './firehose-metrics.ts';
import { lambdaMetrics } from './lambda-metrics.ts';
import { createMetricStore, type MetricStore, minuteMs, startOfMinute } from './metric-store.ts';
import { queueMetrics } from './queue-metrics.ts';
import { schedulerMetrics } from './scheduler-metrics.ts';

/** CloudWatch of a local run: what functions and services tell, and the alarms of the template over it. */
export interface MetricWatch {
  readonly store: MetricStore;
  /** Mistakes in EMF lines, each once. A run with any of them has not shown what it claims. */
  readonly problems: ReadonlySet<string>;
  /** For `startStack`. */
  readonly lambda: Required<Pick<LambdaHostOptions, 'onInvocation'>> & {
    onLog(functionName: string, line: string): void;
  };
  readonly scheduler: Required<Pick<SchedulerOptions, 'onTick'>>;
  /** From now on a stack's alarms are judged at each full minute of its clock. @throws naming what is not known */
  follow(stack: FollowedStack): Followed;
}

export type FollowedStack = Pick<LocalStack, 'clock' | 'deployment' | 'firehose'> &
  Partial<Pick<LocalStack, 'cloudWatch' | 'sqs'>>;

export interface Followed {
  readonly alarms: readonly AlarmDefinition[];
  readonly composites: readonly CompositeDefinition[];
  readonly evaluator: AlarmEvaluator;
  /** Brings in what services counted since the last full minute. */
  refresh(): void;
  stop(): void;
}

export function watchMetrics(clock: Pick<VirtualClock, 'now'>): MetricWatch {
  const store = createMetricStore();
  const problems = new Set<string>();
  return {
    store,
    problems,
    lambda: {
      onLog: (functionName, line) => {
        try {
          for (const { metric, ...sample } of readEmfLine(line, clock.now())) store.add(metric, sample);
        } catch (error) {
          problems.add(`${functionName}: ${(error as Error).message}`);
        }
      },
      onInvocation: lambdaMetrics(store),
    },
    scheduler: { onTick: schedulerMetrics(store) },
    follow: (stack) => follow(stack, store),
  };
}

function follow(
  { clock, deployment, firehose, cloudWatch, sqs }: FollowedStack,
  store: MetricStore,
): Followed {
  const tellQueues = sqs && queueMetrics(store, sqs);
  const { alarms, composites, evaluator } = declaredAlarms(deployment, store);
  const refresh = firehoseMetrics(firehose.metrics, store);
  cloudWatch?.attach({ store, alarms, composites, evaluator, refresh });
  let cancel: Cancel | undefined;
  const judgeAt = (time: number) => {
    cancel = clock.at(time, () => {
      refresh();
      tellQueues?.(time);
      evaluator.evaluate(time);
      judgeAt(time + minuteMs);
    });
  };
  judgeAt(startOfMinute(clock.now()) + minuteMs);
  return { alarms, composites, evaluator, refresh, stop: () => cancel?.() };
}
