import { Construct } from 'constructs';
import { lifecycleNameOf, stackNameOf } from '../../config/names.ts';
import type { Stage } from '../../config/settings.ts';
import { lambdaMetric, stageMetric } from '../metrics.ts';
import type { TopicOf } from './alarm-topics.ts';
import { latest } from './evaluation.ts';
import { RelayAlarm } from './relay-alarm.ts';

export interface StageAlarmsProps {
  readonly stage: Stage;
  readonly topics: TopicOf;
}

/** The alarms of a whole stage. */
export class StageAlarms extends Construct {
  readonly names: readonly string[];

  constructor(scope: Construct, id: string, { stage, topics }: StageAlarmsProps) {
    super(scope, id);
    const stackName = stackNameOf(stage.name);
    const context = { stackName, stage: stage.name, runbook: stage.alarms.runbook, topics };
    const gibibytes = stage.alarms.billedGiBPerDay;
    const alarms = [
      new RelayAlarm(this, 'Orphaned', {
        name: 'Orphaned',
        context,
        means: `A stream that is no longer in the settings of ${stage.name} still has batches that were never delivered.`,
        hurts: 'the SIEM lacks these events; the journal keeps them until its days are over.',
        firstStep: 'logs --since -1d',
        missingData: { is: 'ignore', because: 'it stays as the last daily search left it.' },
        breach: { above: 0 },
        evaluation: latest(86_400),
        metric: (periodSeconds) =>
          stageMetric('Orphaned', stage.name, { statistic: 'Minimum', periodSeconds }),
      }),
      new RelayAlarm(this, 'KeptWaiting', {
        name: 'KeptWaiting',
        context,
        means: `A destination that is no longer in the settings of ${stage.name} still has objects to copy, dead letters, events that Firehose gave up, or writes to S3 that failed within a day.`,
        hurts: 'its receiver lacks these events; nobody else watches over them.',
        firstStep: 'status',
        missingData: { is: 'notBreaching', because: 'nothing is kept, so that nobody looks.' },
        breach: { above: 0 },
        evaluation: latest(3_600),
        metric: (periodSeconds) =>
          stageMetric('KeptWaiting', stage.name, { statistic: 'Maximum', periodSeconds }),
      }),
      new RelayAlarm(this, 'LifecycleFailing', {
        name: 'LifecycleFailing',
        context,
        means: `The stream lifecycle of ${stage.name}, which looks hourly at what is kept and daily for orphans, failed or did not run.`,
        hurts:
          'whoever waits for events of removed destinations: copiers hear of no object, and Orphaned and KeptWaiting say nothing.',
        firstStep: 'logs --errors --since -3h',
        missingData: {
          is: 'breaching',
          because: 'it runs once an hour, so something keeps it from starting.',
        },
        breach: { above: 0 },
        // An hour without a look, such as after a deploy that begins the schedule's hour anew, is no alarm: CloudWatch
        // fills in for missing data only where the periods before have none either.
        evaluation: latest(3_600),
        metric: (periodSeconds) =>
          lambdaMetric('Errors', lifecycleNameOf(stage.name), { statistic: 'Sum', periodSeconds }),
      }),
      new RelayAlarm(this, 'UnusualVolume', {
        name: 'UnusualVolume',
        context,
        means: `Firehose has billed more than ${gibibytes} GiB within a day for ${stage.name}.`,
        hurts: 'the bill: for Firehose, and often more for what the SIEM takes in.',
        firstStep: 'explain UnusualVolume',
        missingData: { is: 'notBreaching', because: 'nothing was put, and nothing billed.' },
        breach: { above: gibibytes * 1024 ** 3 },
        evaluation: latest(86_400),
        metric: (periodSeconds) =>
          stageMetric('BytesBilled', stage.name, { statistic: 'Sum', periodSeconds }),
      }),
      new RelayAlarm(this, 'Drift', {
        name: 'Drift',
        context,
        means: `Within a day Mosaic sent activities or members to ${stage.name} that no document of it names.`,
        hurts:
          'nobody lacks an event. Detections, normalised fields and views know nothing of the new names, and may miss what matters.',
        firstStep: 'drift',
        missingData: { is: 'notBreaching', because: 'every name was known.' },
        breach: { above: 0 },
        evaluation: latest(86_400),
        metric: (periodSeconds) =>
          stageMetric('UnknownNames', stage.name, { statistic: 'Sum', periodSeconds }),
      }),
    ];
    this.names = alarms.map(({ alarmName }) => alarmName);
  }
}
