import type { Construct } from 'constructs';
import { inWords, largeUnits } from '../../config/fields.ts';
import { collectorMetric } from '../metrics.ts';
import { latest } from './evaluation.ts';
import { RelayAlarm } from './relay-alarm.ts';
import type { StreamScene } from './stream-scene.ts';
import type { Thresholds } from './thresholds.ts';

/** The alarms on what is in the journal and not yet where it belongs, as sweeps tell every five minutes. */
export function deliveringAlarms(
  scope: Construct,
  scene: StreamScene,
  { undelivered }: Thresholds,
): readonly RelayAlarm[] {
  const { stage, stream } = scene;
  return [
    new RelayAlarm(scope, 'Undelivered', {
      name: 'Undelivered',
      scene,
      means: `A batch of ${stream} has been in the journal for more than ${inWords(undelivered, largeUnits)}, and some destination has not got it; or no sweep says that all is delivered.`,
      hurts: `a SIEM of ${stream} lacks events. They are safe for as long as the journal is kept.`,
      firstStep: 'status',
      missingData: { is: 'breaching', because: 'no sweep has ended, so nobody knows.' },
      breach: { above: undelivered },
      evaluation: latest(900),
      metric: (periodSeconds) =>
        collectorMetric('OldestUndelivered', { stage, stream }, { statistic: 'Maximum', periodSeconds }),
    }),
    new RelayAlarm(scope, 'WaitingForOperator', {
      name: 'WaitingForOperator',
      scene,
      means: `Something of ${stream} waits for an operator: in quarantine lies what no destination could take as it was, or Firehose gave records up.`,
      hurts: `the SIEM lacks it until somebody looks at it. It is deleted when the quarantine's days are over.`,
      firstStep: 'replay --dry-run',
      missingData: { is: 'ignore', because: 'it stays as the last sweep left it.' },
      breach: { above: 0 },
      evaluation: latest(900),
      metric: (periodSeconds) =>
        collectorMetric('WaitingForOperator', { stage, stream }, { statistic: 'Minimum', periodSeconds }),
    }),
  ];
}
