import type { Construct } from 'constructs';
import type { CollectorMetric } from '../../../functions/collector/contract.ts';
import type { Thresholds } from '../../config/alarm-thresholds.ts';
import { inWords, largeUnits } from '../../config/fields.ts';
import { collectorMetric, type Reading } from '../metrics.ts';
import { latest, latestTwo } from './evaluation.ts';
import { onceTold, silenceBreaches } from './once-told.ts';
import { RelayAlarm, type StreamAlarmContext } from './relay-alarm.ts';

/** The alarms on what is in the journal and not yet where it belongs, as sweeps tell every five minutes. */
export function deliveringAlarms(
  scope: Construct,
  context: StreamAlarmContext,
  { undelivered, nearExpiry }: Thresholds,
): readonly RelayAlarm[] {
  const { stage, stream } = context;
  const on = (name: CollectorMetric, statistic: Reading['statistic']) => (periodSeconds: number) =>
    collectorMetric(name, { stage, stream }, { statistic, periodSeconds });
  return [
    new RelayAlarm(scope, 'Undelivered', {
      name: 'Undelivered',
      context,
      means: `A batch of ${stream} has been in the journal for more than ${inWords(undelivered, largeUnits)}, and some destination has not got it; or no sweep says that all is delivered.`,
      hurts: `a SIEM of ${stream} lacks events. They are safe for as long as the journal is kept.`,
      firstStep: 'status',
      missingData: silenceBreaches,
      breach: { above: undelivered },
      evaluation: latestTwo(900),
      metric: (periodSeconds) => onceTold(on('OldestUndelivered', 'Maximum')(periodSeconds)),
    }),
    new RelayAlarm(scope, 'NearExpiry', {
      name: 'NearExpiry',
      context,
      means: `A batch of ${stream} that some destination has not got has been in the journal for more than ${inWords(nearExpiry, largeUnits)}, a third of the time that the journal is kept.`,
      hurts: `a SIEM of ${stream} lacks these events, and loses them for good when the journal expires.`,
      firstStep: 'status',
      missingData: {
        is: 'ignore',
        because: 'it stays as the last sweep left it; Undelivered tells that none ends.',
      },
      breach: { above: nearExpiry },
      evaluation: latest(900),
      metric: on('OldestUndelivered', 'Maximum'),
    }),
    new RelayAlarm(scope, 'OwedToRemoved', {
      name: 'OwedToRemoved',
      context,
      means: `A batch of ${stream} is owed to a destination that was removed from the settings, and to no other, for more than ${inWords(undelivered, largeUnits)}.`,
      hurts: 'the removed destination lacks these events; they are deleted when the journal expires.',
      firstStep: 'status',
      missingData: { is: 'notBreaching', because: 'it is told only while something is owed so.' },
      breach: { above: undelivered },
      evaluation: latest(900),
      metric: on('OldestOwedToRemoved', 'Maximum'),
    }),
    new RelayAlarm(scope, 'WaitingForOperator', {
      name: 'WaitingForOperator',
      context,
      means: `Something of ${stream} waits for an operator: in quarantine lies what no destination could take as it was, or Firehose gave records up.`,
      hurts: `the SIEM lacks it until somebody looks at it. It is deleted when the quarantine's days are over.`,
      firstStep: 'status',
      missingData: { is: 'notBreaching', because: 'sweeps tell it only while something waits.' },
      breach: { above: 0 },
      evaluation: latest(900),
      metric: on('WaitingForOperator', 'Maximum'),
    }),
  ];
}
