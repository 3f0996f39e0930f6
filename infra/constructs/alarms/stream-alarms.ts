import { NestedStack } from 'aws-cdk-lib';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { alarmNameOf } from '../../config/alarm-names.ts';
import { stackNameOf } from '../../config/names.ts';
import type { Stage } from '../../config/settings.ts';
import type { Stream } from '../../config/stream-settings.ts';
import { collectingAlarms } from './collecting-alarms.ts';
import { Composite } from './composite.ts';
import { deliveringAlarms } from './delivering-alarms.ts';
import { destinationAlarms, type WatchedDestination } from './destination-alarms.ts';
import { thresholdsOf } from './thresholds.ts';
import { witnessAlarms } from './witness-alarms.ts';

export interface StreamAlarmsProps {
  readonly stage: Stage;
  readonly stream: Stream;
  readonly destinations: readonly WatchedDestination[];
  readonly topic: sns.ITopic;
}

/** Every alarm of one stream, and the one over them. A stack of its own, for a stage has more than one stack can hold. */
export class StreamAlarms extends NestedStack {
  /** Name of the alarm over the others. */
  readonly over: string;
  /** Names of the others. */
  readonly names: readonly string[];

  constructor(scope: Construct, id: string, props: StreamAlarmsProps) {
    super(scope, id, { description: `Alarms of the stream ${props.stream.name}` });
    const { stage, stream } = props;
    const stackName = stackNameOf(stage.name);
    const scene = { stackName, stage: stage.name, stream: stream.name, runbook: stage.alarms.runbook };
    const thresholds = thresholdsOf(stream, stage);
    const alarms = [
      ...collectingAlarms(this, scene, thresholds),
      ...deliveringAlarms(this, scene, thresholds),
      ...(stream.witness === undefined ? [] : witnessAlarms(this, scene, stream.witness)),
      ...props.destinations.flatMap((destination) =>
        destinationAlarms(new Construct(this, destination.name), scene, { destination, thresholds }),
      ),
    ];
    this.names = alarms.map(({ alarmName }) => alarmName);
    this.over = alarmNameOf(stackName, scene);
    const composite = new Composite(this, 'Over', {
      name: this.over,
      description: `Something is wrong with the stream ${stream.name} of ${stage.name}.\nFirst: npx relay status --stage ${stage.name} --stream ${stream.name}\nRunbook: ${stage.alarms.runbook}`,
      over: this.names,
      topic: props.topic,
    });
    for (const { alarm } of alarms) composite.alarm.node.addDependency(alarm);
  }
}
