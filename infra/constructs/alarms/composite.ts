import { AlarmRule, CompositeAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';

export interface CompositeProps {
  readonly name: string;
  readonly description: string;
  /** Names of the alarms that it is over, which must exist before it. */
  readonly over: readonly string[];
  /** Told when it begins and when it is over. */
  readonly topic: sns.ITopic;
}

/** In alarm while any of the alarms is that it is over: what a person is told of. */
export class Composite extends Construct {
  readonly alarm: CompositeAlarm;

  /** @throws {Error} at synth, where CloudWatch would refuse it */
  constructor(scope: Construct, id: string, props: CompositeProps) {
    super(scope, id);
    const { name, over } = props;
    const rule = over.map((child) => `ALARM("${child}")`).join(' OR ');
    if (over.length > mostChildren) {
      throw new Error(`${name} is over ${over.length} alarms, and CloudWatch allows ${mostChildren}`);
    }
    if (rule.length > longestRule) {
      throw new Error(
        `the rule of ${name} has ${rule.length} characters, and CloudWatch allows ${longestRule}`,
      );
    }
    this.alarm = new CompositeAlarm(this, 'Alarm', {
      compositeAlarmName: name,
      alarmDescription: props.description,
      alarmRule: AlarmRule.fromString(rule),
    });
    this.alarm.addAlarmAction(new SnsAction(props.topic));
    this.alarm.addOkAction(new SnsAction(props.topic));
  }
}

/** @see CloudWatch API reference, "PutCompositeAlarm", AlarmRule */
const mostChildren = 100;
const longestRule = 10_240;
