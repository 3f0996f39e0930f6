import { CloudWatchClient, DescribeAlarmsCommand, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import { ListSubscriptionsByTopicCommand, SNSClient, type Subscription } from '@aws-sdk/client-sns';
import type { DeployedRelay } from '../access/deployed-relay.ts';
import { explainingFailure } from '../access/explain-failure.ts';

/** An alarm as CloudWatch has it now. */
export interface AlarmView {
  readonly name: string;
  readonly state: string;
  /** When the alarm entered its state, in milliseconds since the epoch; 0 if it never was in another. */
  readonly since: number;
  /** Topics that a change to ALARM notifies; none while the alarm's actions are off. */
  readonly topics: readonly string[];
}

export interface Alarms {
  /** The alarms of these names that exist. */
  read(names: readonly string[]): Promise<readonly AlarmView[]>;
  /** Puts the alarm into ALARM until CloudWatch next evaluates it. */
  setToAlarm(name: string, reason: string): Promise<void>;
  /** The subscriptions of a topic. */
  subscriptionsOf(topicArn: string): Promise<readonly Subscription[]>;
  close(): void;
}

export function openAlarms(relay: Pick<DeployedRelay, 'connection' | 'place'>): Alarms {
  const cloudWatch = new CloudWatchClient(relay.connection);
  const sns = new SNSClient(relay.connection);
  const where = relay.place;
  return {
    async read(names) {
      const { MetricAlarms = [], CompositeAlarms = [] } = await explainingFailure(
        { sought: `alarm ${names[0]}`, where },
        () =>
          cloudWatch.send(
            new DescribeAlarmsCommand({
              AlarmNames: [...names],
              AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
            }),
          ),
      );
      return [...MetricAlarms, ...CompositeAlarms].map((alarm) => ({
        name: alarm.AlarmName ?? '',
        state: alarm.StateValue ?? 'unknown',
        since: alarm.StateTransitionedTimestamp?.getTime() ?? 0,
        topics: alarm.ActionsEnabled === false ? [] : (alarm.AlarmActions ?? []).filter(isTopic),
      }));
    },
    async setToAlarm(name, reason) {
      const call = new SetAlarmStateCommand({ AlarmName: name, StateValue: 'ALARM', StateReason: reason });
      await explainingFailure({ sought: `alarm ${name}`, where }, () => cloudWatch.send(call));
    },
    async subscriptionsOf(topicArn) {
      const found: Subscription[] = [];
      let NextToken: string | undefined;
      do {
        const page = await explainingFailure({ sought: `subscriptions of ${topicArn}`, where }, () =>
          sns.send(new ListSubscriptionsByTopicCommand({ TopicArn: topicArn, NextToken })),
        );
        found.push(...(page.Subscriptions ?? []));
        NextToken = page.NextToken;
      } while (NextToken !== undefined);
      return found;
    },
    close() {
      cloudWatch.destroy();
      sns.destroy();
    },
  };
}

function isTopic(arn: string): boolean {
  return /^arn:[^:]+:sns:/.test(arn);
}
