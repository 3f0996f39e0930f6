import { Annotations, CfnOutput, type CustomResource, Lazy } from 'aws-cdk-lib';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct, type IDependable } from 'constructs';
import type { FolderUse } from '../../functions/stored/delivered-key.ts';
import { deliveryLogsNameOf } from '../../functions/stored/delivery-logs-name.ts';
import { deliveryStreamNameOf } from '../../functions/stored/delivery-stream-name.ts';
import { collectorDestinationOf } from '../config/collector-settings.ts';
import { timeoutWarning } from '../config/deliverable-share.ts';
import { collectorNameOf, copierNameOf, shownNameOf } from '../config/names.ts';
import type { Stage } from '../config/settings.ts';
import type { Stream } from '../config/stream-settings.ts';
import type { DeliveryStream, Destination } from '../destinations/destination-kind.ts';
import type { WatchedDestination } from './alarms/destination-alarms.ts';
import { Collector, type PutTarget } from './collector.ts';
import { CollectorSchedules } from './collector-schedules.ts';
import type { DeadLetterQueue } from './dead-letter-queue.ts';
import type { RelayBucket } from './relay-bucket.ts';
import type { RelayKey } from './relay-key.ts';
import type { StreamLifecycle } from './stream-lifecycle.ts';
import type { StreamTable } from './stream-table.ts';

export interface RelayStreamProps {
  readonly stage: Stage;
  readonly stream: Stream;
  readonly collectorCode: lambda.Code;
  /** Bundled only where a destination needs it. */
  readonly copierCode: () => lambda.Code;
  readonly key: RelayKey;
  readonly bucket: RelayBucket;
  readonly table: StreamTable;
  readonly deadLetters: DeadLetterQueue;
  readonly lifecycle: StreamLifecycle;
  /** Refuses the deploy where undelivered batches would suffer by it. */
  readonly undelivered: IDependable;
  /** Name of the stage's schedule group. */
  readonly scheduleGroup: string;
}

/** Everything of one stream: Mosaic's side of it, its delivery streams, its collector and its schedules. */
export class RelayStream extends Construct {
  readonly stream: Stream;
  readonly functionName: string;
  /** As alarms and dashboard see them. */
  readonly watched: readonly WatchedDestination[];

  constructor(scope: Construct, id: string, props: RelayStreamProps) {
    super(scope, id);
    const { stage, stream, key, bucket, table, deadLetters } = props;
    const mosaicStream = props.lifecycle.keep(this, stream);
    mosaicStream.node.addDependency(props.undelivered);
    const destinations = stream.destinations.map((destination) =>
      this.destination(destination, { ...props, mosaicStream }),
    );
    this.stream = stream;
    this.functionName = collectorNameOf(stage.name, stream.name);
    this.watched = destinations.map(({ watched }) => watched);
    const warning = timeoutWarning(
      stream,
      destinations.map(({ told }) => told),
    );
    if (warning !== undefined) Annotations.of(this).addWarningV2('mosaic-siem-relay:short-timeout', warning);
    const collector = new Collector(this, 'Collector', {
      stage,
      stream,
      code: props.collectorCode,
      destinations,
      table,
      bucket,
      key,
      deadLetters,
    });
    // A collector of a new id starts when the stream is there, and one that is removed ends before its stream. Its role
    // waits too, and with the role the bucket's policy, and with the policy every delivery stream that is new: a
    // rollback keeps delivery streams, so none is made before Mosaic has answered for all streams.
    collector.node.addDependency(mosaicStream);
    new CollectorSchedules(this, 'Schedules', {
      stream,
      collector: collector.function,
      deadLetters,
      group: props.scheduleGroup,
    });
    new CfnOutput(this, 'Function', {
      value: collector.function.functionName,
      description: `Collects and sweeps ${shownNameOf(stream)}`,
    });
  }

  private destination(
    destination: Destination,
    props: RelayStreamProps & { readonly mosaicStream: CustomResource },
  ): PutTarget & { readonly watched: WatchedDestination } {
    const { stage, stream, bucket, key } = props;
    const scope = new Construct(this, `${destination.name}-${destination.kind}`);
    const folder = folderUseOf(destination);
    const { resource, ends } = props.lifecycle.nameDelivery(scope, {
      StreamName: stream.name,
      Destination: destination.name,
      DeliveryStream: Lazy.string({ produce: () => deliveryStream.logicalId }),
      ...(destination.copied === true
        ? {
            Queue: Lazy.string({ produce: () => deliveryStream.copier?.queue.queueUrl }),
            DeadLetters: Lazy.string({ produce: () => deliveryStream.copier?.deadLetters.queueUrl }),
          }
        : {}),
      ...(folder && { Folder: folder }),
    });
    // The folder is noted in the item that the stream's own resource has written.
    resource.node.addDependency(props.mosaicStream);
    // No rule of the bucket may delete an archive before the folder's use is agreed.
    if (folder === 'copied') bucket.waitFor(resource);
    const names = { stage: stage.name, stream: stream.name, destination: destination.name };
    const deliveryStreamName = deliveryStreamNameOf({ ...names, mark: ends.DeliveryStream });
    const deliveryStream: DeliveryStream = destination.create(scope, {
      stage: stage.name,
      stream: { name: stream.name, type: stream.type },
      destination: destination.name,
      deliveryStreamName,
      logGroupName: deliveryLogsNameOf({ ...names, end: ends.Logs }),
      copierName: copierNameOf({ ...names, end: ends.Copier }),
      bucket,
      key,
      logDays: stage.logDays,
      lifecycleRole: props.lifecycle.role,
      transitDays: stage.journalDays,
      copierCode: props.copierCode,
    });
    if (deliveryStream.trustedRole !== undefined) {
      new CfnOutput(scope, 'TrustedRole', {
        value: deliveryStream.trustedRole.role,
        description: `The role of ${shownNameOf(stream)} at ${destination.name}: it ${deliveryStream.trustedRole.use}`,
      });
    }
    new CfnOutput(scope, 'DeliveryStream', {
      value: deliveryStream.name,
      description: `Takes ${shownNameOf(stream)} to ${destination.name}`,
    });
    return {
      arn: deliveryStream.arn,
      told: collectorDestinationOf(destination, {
        region: stage.region,
        deliveryStream: deliveryStream.name,
        deliveryMetrics: deliveryStream.metrics,
        type: stream.type,
        views: stage.views,
      }),
      watched: {
        name: destination.name,
        kind: destination.kind,
        deliveryStream: deliveryStreamName,
        metrics: deliveryStream.metrics,
        backsUp: deliveryStream.backsUp,
        hasView: destination.view !== undefined,
        hasShape: destination.shape !== undefined,
        isEventPerRecord: destination.collector.packing === 'single',
        hasAges: destination.collector.ages !== undefined,
        copier: deliveryStream.copier,
      },
    };
  }
}

function folderUseOf({ archives, copied }: Destination): FolderUse | undefined {
  if (archives === true) return 'kept';
  return copied === true ? 'copied' : undefined;
}
