import type { Construct } from 'constructs';
import type { Witness } from '../../config/witness-link.ts';
import { collectorMetric } from '../metrics.ts';
import { latest } from './evaluation.ts';
import { RelayAlarm, type StreamAlarmContext } from './relay-alarm.ts';

/** The alarms on what a witness finds, told of the stream that it watches over. */
export function witnessAlarms(
  scope: Construct,
  context: StreamAlarmContext,
  { mode }: Witness,
): readonly RelayAlarm[] {
  const { stage, stream } = context;
  const remedy =
    mode === 'recover'
      ? 'They were added to the journal and are delivered late.'
      : 'They are in the journal of the witness.';
  return [
    new RelayAlarm(scope, 'WitnessMissing', {
      name: 'WitnessMissing',
      context,
      means: `The witness of ${stream} has read events that ${stream} never got. ${remedy}`,
      hurts:
        mode === 'recover'
          ? `the team that reads ${stream} in the SIEM sees these events an hour or two late.`
          : `the SIEM lacks these events of ${stream}.`,
      firstStep: 'logs --since -3h',
      missingData: { is: 'ignore', because: 'it stays as the last comparison left it.' },
      breach: { above: 0 },
      evaluation: latest(3_600),
      metric: (periodSeconds) =>
        collectorMetric('WitnessMissing', { stage, stream }, { statistic: 'Sum', periodSeconds }),
    }),
    new RelayAlarm(scope, 'WitnessIncomparable', {
      name: 'WitnessIncomparable',
      context,
      means: `The witness of ${stream} and ${stream} have so little in common that they cannot be copies. Nothing was recovered.`,
      hurts: `a loss of ${stream} stays unnoticed until the two can be compared again.`,
      firstStep: 'logs --since -3h',
      missingData: { is: 'ignore', because: 'it stays as the last comparison left it.' },
      breach: { above: 0 },
      evaluation: latest(3_600),
      metric: (periodSeconds) =>
        collectorMetric('WitnessIncomparable', { stage, stream }, { statistic: 'Sum', periodSeconds }),
    }),
  ];
}
