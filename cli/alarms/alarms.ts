import { CloudWatchClient, DescribeAlarmsCommand, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import { ListSubscriptionsByTopicCommand, SNSClient, type Subscription } from '@aws-sdk/client-sns';
import type { DeployedRelay } from '../access/deployed-relay.ts';
import { explainingFailure } from '../access/explain-failure.ts';

/** An alarm as CloudWatch has it now. */
export interface AlarmView {
  readonly name: string;
  readonly state: string;
  /** Topics that a change to ALARM notifies; none while the alarm's actions are off. */
  readonly topics: readonly string[];
}

export interface Alarms {
  /** The alarm of this name; undefined where there is none. */
  read(name: string): Promise<AlarmView | undefined>;
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
    async read(name) {
      const call = new DescribeAlarmsCommand({ AlarmNames: [name], AlarmTypes: ['MetricAlarm'] });
      const found = await explainingFailure({ sought: `alarm ${name}`, where }, () => cloudWatch.send(call));
      const alarm = found.MetricAlarms?.[0];
      if (alarm === undefined) return undefined;
      return {
        name,
        state: alarm.StateValue ?? 'unknown',
        topics: alarm.ActionsEnabled === false ? [] : (alarm.AlarmActions ?? []).filter(isTopic),
      };
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
