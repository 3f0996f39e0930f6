import type { AwsAnswer } from '../aws-answer.ts';
import type { AwsCall, ServiceStandIn } from '../aws-call.ts';
import { errorAnswer, jsonAnswer } from '../aws-error.ts';
import { describeAlarms } from './describe-alarms.ts';
import { getMetricData } from './get-metric-data.ts';
import { InvalidCall } from './invalid-call.ts';
import type { CloudWatchOptions, MetricBoard } from './metric-board.ts';
import { setAlarmState } from './set-alarm-state.ts';

export interface CloudWatchStandIn extends ServiceStandIn {
  /** From now on it answers from these; before, from what services count by themselves, and nothing is judged. */
  attach(board: MetricBoard): void;
}

export function createCloudWatch(options: CloudWatchOptions): CloudWatchStandIn {
  let attached: MetricBoard | undefined;
  const perform = ({ operation, input }: AwsCall): AwsAnswer => {
    const board = attached ?? options.board();
    board.refresh();
    if (operation === 'GetMetricData') return jsonAnswer(getMetricData(input, board.store));
    if (operation === 'DescribeAlarms') return jsonAnswer(describeAlarms(input, board, options));
    setAlarmState(input, board, options);
    return jsonAnswer({});
  };
  return {
    service: 'monitoring',
    operations: new Set(['GetMetricData', 'DescribeAlarms', 'SetAlarmState']),
    attach: (board) => {
      attached = board;
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
