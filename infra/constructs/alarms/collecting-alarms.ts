import type { Construct } from 'constructs';
import type { CollectorMetric } from '../../../functions/collector/contract.ts';
import type { Thresholds } from '../../config/alarm-thresholds.ts';
import { inWords, largeUnits } from '../../config/fields.ts';
import { collectorMetric, type Reading } from '../metrics.ts';
import { latest, latestTwo, lookBack } from './evaluation.ts';
import { countedWhileAlive, onceTold, silenceBreaches } from './once-told.ts';
import { RelayAlarm, type StreamAlarmContext } from './relay-alarm.ts';

/** The alarms on what comes from Mosaic: whether runs happen, succeed, keep up and find anything. */
export function collectingAlarms(
  scope: Construct,
  context: StreamAlarmContext,
  thresholds: Thresholds,
): readonly RelayAlarm[] {
  const { stage, stream } = context;
  const on = (name: CollectorMetric, statistic: Reading['statistic']) => (periodSeconds: number) =>
    collectorMetric(name, { stage, stream }, { statistic, periodSeconds });
  const alarm = (props: Omit<ConstructorParameters<typeof RelayAlarm>[2], 'context'>) =>
    new RelayAlarm(scope, props.name, { ...props, context });
  return [
    alarm({
      name: 'Failing',
      means: `Every run that collects ${stream} failed for ${words(thresholds.failing)}. Delivery is not concerned.`,
      hurts: `no reader yet: Mosaic keeps what is not collected, but perhaps for a day only; then events of ${stream} are lost.`,
      firstStep: 'runs',
      missingData: { is: 'ignore', because: 'it stays as the last run left it.' },
      breach: { below: 1 },
      evaluation: latest(thresholds.failing),
      metric: on('RunSucceeded', 'Maximum'),
    }),
    alarm({
      name: 'NotRunning',
      means: `No run that collects ${stream} has ended for ${words(thresholds.notRunning)} while its schedule was on, or no sweep says so: its schedule is gone, or the function does not run.`,
      hurts: `the SIEM gets no new event of ${stream}; Mosaic keeps them perhaps for a day only.`,
      firstStep: 'status',
      missingData: silenceBreaches,
      breach: { above: thresholds.notRunning },
      evaluation: latestTwo(900),
      metric: (periodSeconds) => onceTold(on('SinceLastRun', 'Maximum')(periodSeconds)),
    }),
    ...(thresholds.silent === undefined
      ? []
      : [
          alarm({
            name: 'Silent',
            means: `No event of ${stream} came for ${words(thresholds.silent)}, longer than it is usually quiet.`,
            hurts: `the team that reads ${stream} in the SIEM sees nothing, and cannot tell calm from blindness.`,
            firstStep: 'runs',
            missingData: {
              is: 'ignore',
              because: 'no sweep has told yet, or NotRunning tells that none does.',
            },
            breach: { below: 1 },
            evaluation: lookBack(thresholds.silent),
            metric: (periodSeconds) =>
              countedWhileAlive(
                on('EventsCollected', 'Sum')(periodSeconds),
                on('SinceLastRun', 'Maximum')(periodSeconds),
              ),
          }),
        ]),
    alarm({
      name: 'Behind',
      means: `The newest event of ${stream} that was collected is older than ${words(thresholds.behind)}, and Mosaic holds more.`,
      hurts: `the SIEM sees ${stream} late; what waits in Mosaic for a day may be lost there.`,
      firstStep: 'status',
      missingData: { is: 'ignore', because: 'a run with nothing to tell leaves it as it was.' },
      breach: { above: thresholds.behind },
      evaluation: latest(900),
      metric: on('EventLag', 'Maximum'),
    }),
    alarm({
      name: 'PossibleLoss',
      means: `A batch of ${stream}, up to its batch size of events, may have left Mosaic without reaching the journal.`,
      hurts: `the SIEM may lack these events of ${stream} for good: Mosaic gives nothing twice.`,
      firstStep: 'runs',
      missingData: { is: 'notBreaching', because: 'a loss is told only when there is one.' },
      breach: { above: 0 },
      evaluation: latest(3_600),
      metric: on('PossibleLoss', 'Sum'),
    }),
    alarm({
      name: 'StreamReopened',
      means: `Mosaic no longer knew ${stream}, and the relay created it anew.`,
      hurts: `events raised while ${stream} did not exist are in no SIEM.`,
      firstStep: 'logs --since -3h',
      missingData: { is: 'notBreaching', because: 'it is told only when it happens.' },
      breach: { above: 0 },
      evaluation: latest(3_600),
      metric: on('StreamReopened', 'Sum'),
    }),
    alarm({
      name: 'CredentialRefused',
      means: `Mosaic refuses the client id and secret that ${stream} is collected with.`,
      hurts: `nothing of ${stream} is collected until they are right again; Mosaic keeps events perhaps for a day only.`,
      firstStep: 'doctor',
      missingData: { is: 'notBreaching', because: 'a refusal is told only when there is one.' },
      breach: { above: 0 },
      evaluation: latest(thresholds.failing),
      metric: on('CredentialRefused', 'Sum'),
    }),
    alarm({
      name: 'SourceRepeats',
      means: `Mosaic gave the same answer of ${stream} five times in a row, and the run ended.`,
      hurts: `the events behind that answer wait in Mosaic, perhaps for a day only; the SIEM gets each copy of the answer.`,
      firstStep: 'runs',
      missingData: { is: 'notBreaching', because: 'it is told only when it happens.' },
      breach: { above: 0 },
      evaluation: latest(3_600),
      metric: on('SourceRepeats', 'Sum'),
    }),
    alarm({
      name: 'Paused',
      means: `The schedule that collects ${stream} is off.`,
      hurts: `the SIEM gets no new event of ${stream}; Mosaic keeps them perhaps for a day only.`,
      firstStep: 'status',
      missingData: { is: 'notBreaching', because: 'a schedule that is on is not told.' },
      breach: { above: 0 },
      evaluation: latest(900),
      metric: on('Paused', 'Maximum'),
    }),
  ];
}

function words(seconds: number): string {
  return inWords(seconds, largeUnits);
}
