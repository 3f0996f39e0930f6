import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { alarmNameOf } from '../../config/alarm-names.ts';
import { stackNameOf } from '../../config/names.ts';
import type { Stage } from '../../config/settings.ts';
import { stageMetric } from '../metrics.ts';
import { Composite } from './composite.ts';
import { latest } from './evaluation.ts';
import { RelayAlarm } from './relay-alarm.ts';
import type { StreamAlarms } from './stream-alarms.ts';

export interface StageAlarmsProps {
  readonly stage: Stage;
  readonly streams: readonly StreamAlarms[];
  readonly topic: sns.ITopic;
}

/** The alarms of a whole stage, and the one over everything: what a pager is put on. */
export class StageAlarms extends Construct {
  readonly over: string;
  readonly names: readonly string[];

  constructor(scope: Construct, id: string, { stage, streams, topic }: StageAlarmsProps) {
    super(scope, id);
    const stackName = stackNameOf(stage.name);
    const scene = { stackName, stage: stage.name, runbook: stage.alarms.runbook };
    const gibibytes = stage.alarms.billedGiBPerDay;
    const alarms = [
      new RelayAlarm(this, 'Orphaned', {
        name: 'Orphaned',
        scene,
        means: `A stream that is no longer in the settings of ${stage.name} still has batches that were never delivered.`,
        hurts: 'the SIEM lacks these events; the journal keeps them until its days are over.',
        firstStep: 'status',
        missingData: { is: 'ignore', because: 'it stays as the last daily search left it.' },
        breach: { above: 0 },
        evaluation: latest(86_400),
        metric: (periodSeconds) =>
          stageMetric('Orphaned', stage.name, { statistic: 'Minimum', periodSeconds }),
      }),
      new RelayAlarm(this, 'UnusualVolume', {
        name: 'UnusualVolume',
        scene,
        means: `Firehose has billed more than ${gibibytes} GiB within a day for ${stage.name}.`,
        hurts: 'whoever pays: for Firehose, and often more for what the SIEM takes in.',
        firstStep: 'status',
        missingData: { is: 'notBreaching', because: 'nothing was put, and nothing billed.' },
        breach: { above: gibibytes * 1024 ** 3 },
        evaluation: latest(86_400),
        metric: (periodSeconds) =>
          stageMetric('BytesBilled', stage.name, { statistic: 'Sum', periodSeconds }),
      }),
    ];
    this.names = alarms.map(({ alarmName }) => alarmName);
    this.over = alarmNameOf(stackName, {});
    const composite = new Composite(this, 'Over', {
      name: this.over,
      description: `Something is wrong in the stage ${stage.name}.\nFirst: npx relay status --stage ${stage.name}\nRunbook: ${stage.alarms.runbook}`,
      over: [...this.names, ...streams.map(({ over }) => over)],
      topic,
    });
    for (const { alarm } of alarms) composite.alarm.node.addDependency(alarm);
    for (const stream of streams) composite.alarm.node.addDependency(stream);
  }
}
