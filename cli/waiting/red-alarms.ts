import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import {
  alarmNameOf,
  destinationAlarmNames,
  stageAlarmNames,
  streamAlarmNames,
  witnessAlarmNames,
} from '../../infra/config/alarm-names.ts';
import type { DeployedRelay } from '../access/deployed-relay.ts';
import { isDenied } from '../access/explain-failure.ts';

/** An alarm of the stage that is in ALARM now. */
export interface RedAlarm {
  /** As the runbook calls it: `DeliveryGivenUp`. */
  readonly name: string;
  /** When it went to ALARM, milliseconds since the epoch; absent where CloudWatch does not say. */
  readonly since?: number;
}

export interface RedAlarms {
  readonly ofStage: readonly RedAlarm[];
  /** @param stream the stable name */
  ofStream(stream: string): readonly RedAlarm[];
  ofDestination(stream: string, destination: string): readonly RedAlarm[];
}

type Relay = Pick<DeployedRelay, 'connection' | 'stackName' | 'streams'>;

/** Reads which alarms of the stage are red. @returns undefined where CloudWatch does not let these credentials read */
export async function readRedAlarms({ connection, stackName }: Relay): Promise<RedAlarms | undefined> {
  const cloudWatch = new CloudWatchClient(connection);
  const red = new Map<string, RedAlarm['since']>();
  try {
    let NextToken: string | undefined;
    do {
      const page = await cloudWatch.send(
        new DescribeAlarmsCommand({
          AlarmNamePrefix: `${stackName}-`,
          AlarmTypes: ['MetricAlarm'],
          StateValue: 'ALARM',
          ...(NextToken === undefined ? {} : { NextToken }),
        }),
      );
      for (const { AlarmName = '', StateTransitionedTimestamp: at } of page.MetricAlarms ?? [])
        red.set(AlarmName, at?.getTime());
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
  } catch (error) {
    if (error instanceof Error && isDenied(error)) return undefined;
    throw error;
  } finally {
    cloudWatch.destroy();
  }
  // The name of stage `dev` begins those of `dev-eu`, so that an alarm is found by its whole name.
  const among = (names: readonly string[], of: Parameters<typeof alarmNameOf>[1]) =>
    names.flatMap((name): RedAlarm[] => {
      const whole = alarmNameOf(stackName, of, name);
      const since = red.get(whole);
      return red.has(whole) ? [{ name, ...(since === undefined ? {} : { since }) }] : [];
    });
  return {
    ofStage: among(stageAlarmNames, {}),
    ofStream: (stream) => among([...streamAlarmNames, ...witnessAlarmNames], { stream }),
    ofDestination: (stream, destination) => among(destinationAlarmNames, { stream, destination }),
  };
}
