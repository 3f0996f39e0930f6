import { Alarm, AlarmStatusWidget } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';

/** Shows the states of alarms by their names, since other stacks create them. */
export function alarmStatus(
  scope: Construct,
  props: {
    readonly id: string;
    readonly title: string;
    readonly names: readonly string[];
    readonly width: number;
    readonly height: number;
  },
): AlarmStatusWidget {
  return new AlarmStatusWidget({
    title: props.title,
    alarms: props.names.map((name) => Alarm.fromAlarmName(scope, `${props.id} ${name}`, name)),
    width: props.width,
    height: props.height,
  });
}
