/**
 * A stand-in for the API of Amazon CloudWatch, written here: GetMetricData, DescribeAlarms and SetAlarmState, over the
 * local metrics and the alarms of the template.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_Operations.html
 */
import type { AlarmDefinition } from '../../metrics/alarm-definition.ts';
import type { AlarmDesk } from '../../metrics/alarm-desk.ts';
import type { CompositeDefinition } from '../../metrics/composite-definition.ts';
import type { MetricStore } from '../../metrics/metric-store.ts';
import type { AwsAnswer, AwsCall, ServiceStandIn } from '../aws-call.ts';
import { errorAnswer, jsonAnswer } from '../aws-error.ts';
import { describeAlarms } from './describe-alarms.ts';
import { getMetricData } from './get-metric-data.ts';
import { InvalidCall } from './invalid-call.ts';
import { setAlarmState } from './set-alarm-state.ts';

export interface CloudWatchStandIn extends ServiceStandIn {
  /** From now on it answers from these; before, from what services count by themselves, and nothing is judged. */
  attach(board: MetricBoard): void;
}

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
