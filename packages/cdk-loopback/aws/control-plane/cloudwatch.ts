import type { AwsAnswer } from '../aws-answer.ts';
import type { AwsCall, ServiceStandIn } from '../aws-call.ts';
import { errorAnswer, jsonAnswer } from '../aws-error.ts';
import { describeAlarms } from './describe-alarms.ts';
import { getMetricData } from './get-metric-data.ts';
import { InvalidCall } from './invalid-call.ts';
import type { CloudWatchOptions, Monitoring } from './monitoring.ts';
import { setAlarmState } from './set-alarm-state.ts';

export interface CloudWatchStandIn extends ServiceStandIn {
  /** From now on it answers from these; before, from what services count by themselves, and nothing is judged. */
  attach(monitoring: Monitoring): void;
}

export function createCloudWatch(options: CloudWatchOptions): CloudWatchStandIn {
  let attached: Monitoring | undefined;
  const perform = ({ operation, input }: AwsCall): AwsAnswer => {
    const monitoring = attached ?? options.monitoring();
    monitoring.refresh();
    if (operation === 'GetMetricData') return jsonAnswer(getMetricData(input, monitoring.store));
    if (operation === 'DescribeAlarms') return jsonAnswer(describeAlarms(input, monitoring, options));
    setAlarmState(input, monitoring, options);
    return jsonAnswer({});
  };
  return {
    service: 'monitoring',
    operations: new Set(['GetMetricData', 'DescribeAlarms', 'SetAlarmState']),
    attach: (monitoring) => {
      attached = monitoring;
    },
    async handle(call) {
      try {
        return perform(call);
      } catch (error) {
        if (!(error instanceof InvalidCall)) throw error;
        return errorAnswer('monitoring', { status: 400, code: error.code, message: error.message });
      }
    },
  };
}
