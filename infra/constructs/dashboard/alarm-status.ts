import { Alarm, AlarmState, AlarmStatusWidget, AlarmStatusWidgetSortBy } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';

/** Shows alarms by their names, since other stacks create them: those in ALARM first, and of these the newest first. */
export function alarmStatus(
  scope: Construct,
  props: {
    readonly id: string;
    readonly title: string;
    /** 1..100. */
    readonly names: readonly string[];
    readonly width: number;
    readonly height: number;
    /** True where alarms are shown only while they are in ALARM. */
    readonly redOnly?: boolean;
  },
): AlarmStatusWidget {
  return new AlarmStatusWidget({
    title: props.title,
    alarms: props.names.map((name) => Alarm.fromAlarmName(scope, `${props.id} ${name}`, name)),
    sortBy: AlarmStatusWidgetSortBy.STATE_UPDATED_TIMESTAMP,
    ...(props.redOnly === true && { states: [AlarmState.ALARM] }),
    width: props.width,
    height: props.height,
  });
}
