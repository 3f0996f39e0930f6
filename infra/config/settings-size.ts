import { deliveryStreamNameOf } from '../../functions/stored/delivery-stream-name.ts';
import type { DeliveryMetrics } from '../destinations/destination-kind.ts';
import { type CollectedStage, collectorDestinationOf, collectorSettingsOf } from './collector-settings.ts';
import { bucketNameOf } from './names.ts';
import type { CheckedPart } from './problems.ts';
import type { Stream } from './stream-settings.ts';
import { witnessOf } from './witness.ts';

/**
 * Measures the settings of each collector, because a function's environment has a limit. They are measured before
 * anything is made, so every value that the deploy fills in counts at its greatest length.
 *
 * @param streams by their place in the file
 */
export function settingsSizeProblems(
  stage: CollectedStage,
  streams: ReadonlyMap<number, Stream>,
  { path, problems }: CheckedPart,
): void {
  for (const [index, stream] of streams) {
    const told = [
      { at: '', stream },
      ...witnessOf(stream).map((witness) => ({ at: '.witness', stream: witness })),
    ];
    for (const { at, stream: each } of told) {
      const bytes = environmentBytes(stage, each);
      if (bytes <= lambdaBytes) continue;
      problems.add(
        `${path}.streams[${index}]${at}`,
        `its collector's settings take ${bytes} bytes, and Lambda has room for ${lambdaBytes}; give it fewer destinations, or shorter texts`,
      );
    }
  }
}

/** @see AWS Lambda developer guide, "Lambda quotas": environment variables, 4 KB in all, names and values */
const lambdaBytes = 4_096;

/** Bytes of `NODE_OPTIONS` and the other variables of every function, with room to spare. */
export const otherVariablesBytes = 64;

/** Bytes that the environment of a stream's collector takes at most. */
export function environmentBytes(stage: CollectedStage, stream: Stream): number {
  const settings = collectorSettingsOf({
    stage,
    stream,
    table: 'x'.repeat(longestTableName),
    bucket: bucketNameOf(stage.name, '0'.repeat(12), suffix),
    destinations: stream.destinations.map((destination) =>
      collectorDestinationOf(destination, {
        region: stage.region,
        deliveryStream: deliveryStreamNameOf({
          stage: stage.name,
          stream: stream.name,
          destination: destination.name,
          mark: suffix,
        }),
        deliveryMetrics: longestMetrics,
        type: stream.type,
        views: stage.views,
      }),
    ),
  });
  return 'SETTINGS'.length + Buffer.byteLength(JSON.stringify(settings)) + otherVariablesBytes;
}

/** Of the stack's id, or the mark of a destination. */
const suffix = '0'.repeat(8);
/** CloudFormation makes the table's name. @see DynamoDB developer guide, "Naming rules" */
const longestTableName = 255;
const longestMetrics: DeliveryMetrics = 'DeliveryToAmazonOpenSearchServerless';
