import type { LocalAccountOptions } from '../aws/local-account.ts';
import type { MetricWatch } from './metric-watch.ts';

type Hooks = Pick<LocalAccountOptions, 'lambda' | 'scheduler'>;

/** Hooks into a world that tell whoever was told before, and the watch. */
export function watchedHooks(hooks: Hooks, watch: MetricWatch): Hooks {
  const { lambda = {}, scheduler = {} } = hooks;
  return {
    lambda: {
      ...lambda,
      onLog: (functionName, line, place) => {
        lambda.onLog?.(functionName, line, place);
        watch.lambda.onLog(functionName, line);
      },
      onInvocation: (invocation) => {
        lambda.onInvocation?.(invocation);
        watch.lambda.onInvocation(invocation);
      },
    },
    scheduler: {
      ...scheduler,
      onTick: (tick) => {
        scheduler.onTick?.(tick);
        watch.scheduler.onTick(tick);
      },
    },
  };
}
