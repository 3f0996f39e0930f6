import { DescribeDeliveryStreamCommand, type DestinationDescription } from '@aws-sdk/client-firehose';
import type { DeployedDestination, RelayClients } from '../access/deployed-relay.ts';
import { strictestLimit } from '../receiver-limit.ts';
import {
  compression,
  type PlannedDestination,
  type PlannedObjects,
  relayLineBytes,
  splunkEnvelopeBytes,
} from './workload.ts';

/** Describes deployed destinations as their costs depend on them, by Firehose's own descriptions of their delivery streams. */
export function plannedDestinations(
  destinations: readonly DeployedDestination[],
  { firehose }: Pick<RelayClients, 'firehose'>,
): Promise<readonly PlannedDestination[]> {
  return Promise.all(
    destinations.map(async (destination) => {
      const { DeliveryStreamDescription: described } = await firehose.send(
        new DescribeDeliveryStreamCommand({ DeliveryStreamName: destination.deliveryStream }),
      );
      return plannedDestination(destination, described?.Destinations?.[0] ?? {});
    }),
  );
}

/** @param delivered Firehose's description of the delivery stream's destination */
export function plannedDestination(
  destination: DeployedDestination,
  delivered: Partial<DestinationDescription>,
): PlannedDestination {
  const objects = objectsOf(destination, delivered);
  return {
    name: destination.name,
    packing: destination.packing,
    compressed: destination.compressRecords ?? false,
    compressible: objects !== undefined,
    quotaMiBPerSecond: destination.quotaMiBPerSecond,
    lineOverheadBytes: destination.format === 'splunk-envelope' ? splunkEnvelopeBytes : relayLineBytes,
    egressPerByte: egressPerByte(destination, delivered),
    ...(objects === undefined ? {} : { objects }),
    limit: strictestLimit([destination]),
  };
}

function objectsOf(
  { deliveryMetrics, copier }: DeployedDestination,
  { ExtendedS3DestinationDescription: s3 }: Partial<DestinationDescription>,
): PlannedObjects | undefined {
  if (deliveryMetrics !== 'DeliveryToS3') return undefined;
  const { SizeInMBs: bufferMiB = 5, IntervalInSeconds: bufferSeconds = 300 } = s3?.BufferingHints ?? {};
  return {
    bufferMiB,
    bufferSeconds,
    ...(copier === undefined ? {} : { copiedTo: copier.environment.SINK }),
  };
}

function egressPerByte(
  { deliveryMetrics, copier }: DeployedDestination,
  { HttpEndpointDestinationDescription: http }: Partial<DestinationDescription>,
): number {
  // A copy goes to Google as the gzip that it is, and to Azure as plain rows.
  if (copier !== undefined) return copier.environment.SINK === 'gcs' ? 1 / compression : 1;
  if (deliveryMetrics === 'DeliveryToS3' || deliveryMetrics.startsWith('DeliveryToAmazonOpenSearch'))
    return 0;
  if (deliveryMetrics !== 'DeliveryToHttpEndpoint') return 1;
  return http?.RequestConfiguration?.ContentEncoding === 'NONE' ? base64 : 1 / httpCompression;
}

/** Firehose's requests hold records in base64. */
const base64 = 4 / 3;
/** Bytes of lines over those of such a request in gzip, measured with lines of 1 KB: 2.8 at the least effort, 3.8 at level 6. */
const httpCompression = 3;
