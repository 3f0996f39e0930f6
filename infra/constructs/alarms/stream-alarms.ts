import { NestedStack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { thresholdsOf } from '../../config/alarm-thresholds.ts';
import { shownNameOf, stackNameOf } from '../../config/names.ts';
import type { Stage } from '../../config/settings.ts';
import type { Stream } from '../../config/stream-settings.ts';
import type { TopicOf } from './alarm-topics.ts';
import { collectingAlarms } from './collecting-alarms.ts';
import { deliveringAlarms } from './delivering-alarms.ts';
import { destinationAlarms, type WatchedDestination } from './destination-alarms.ts';
import { witnessAlarms } from './witness-alarms.ts';

export interface StreamAlarmsProps {
  readonly stage: Stage;
  readonly stream: Stream;
  readonly destinations: readonly WatchedDestination[];
  readonly topics: TopicOf;
}

/** Every alarm of one stream. A stack of its own, for a stage has more than one stack can hold. */
export class StreamAlarms extends NestedStack {
  readonly names: readonly string[];

  constructor(scope: Construct, id: string, props: StreamAlarmsProps) {
    super(scope, id, { description: `Alarms of the stream ${shownNameOf(props.stream)}` });
    const { stage, stream } = props;
    const stackName = stackNameOf(stage.name);
    const { runbook } = stage.alarms;
    const context = {
      stackName,
      stage: stage.name,
      stream: stream.name,
      label: stream.label,
      runbook,
      topics: props.topics,
    };
    const thresholds = thresholdsOf(stream, stage);
    const alarms = [
      ...collectingAlarms(this, context, thresholds),
      ...deliveringAlarms(this, context, thresholds),
      ...(stream.witness === undefined ? [] : witnessAlarms(this, context, stream.witness)),
      ...props.destinations.flatMap((destination) =>
        destinationAlarms(new Construct(this, destination.name), context, { destination, thresholds }),
      ),
    ];
    this.names = alarms.map(({ alarmName }) => alarmName);
  }
}
