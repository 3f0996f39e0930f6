import { DescribeDeliveryStreamCommand, type DestinationDescription } from '@aws-sdk/client-firehose';
import { lifecycleNameOf } from '../../infra/config/names.ts';
import type { DeployedDestination, DeployedRelay, DeployedStream } from '../access/deployed-relay.ts';

/** A log group of the stage, and what writes to it. */
export interface LogGroup {
  readonly name: string;
  /** As a line names it: `cis collector`, `cis/splunk delivery`, `stream-lifecycle`. */
  readonly writer: string;
}

/** The log group of a function. */
export function functionLogGroup(functionName: string): string {
  return `/aws/lambda/${functionName}`;
}

/**
 * The log groups of some streams: of collectors, of copiers, and those to which Firehose writes its errors. Where the whole stage is
 * asked for, that of the stream lifecycle is among them.
 */
export async function logGroupsOf(
  relay: DeployedRelay,
  streams: readonly DeployedStream[],
  { isWhole }: { readonly isWhole: boolean },
): Promise<readonly LogGroup[]> {
  const groups: LogGroup[] = isWhole
    ? [{ name: functionLogGroup(lifecycleNameOf(relay.stage)), writer: 'stream-lifecycle' }]
    : [];
  for (const stream of streams) {
    groups.push({ name: functionLogGroup(stream.functionName), writer: `${stream.label} collector` });
    for (const destination of stream.destinations) {
      const owner = `${stream.label}/${destination.name}`;
      const delivery = await deliveryLogGroup(relay, destination);
      if (delivery !== undefined) groups.push({ name: delivery, writer: `${owner} delivery` });
      const { copier } = destination;
      if (copier !== undefined)
        groups.push({ name: functionLogGroup(copier.functionName), writer: `${owner} copier` });
    }
  }
  return groups;
}

/**
 * The log group to which Firehose writes what it could not deliver, as the delivery stream names it. Its name cannot be made up from
 * the destination's: a delivery stream that was replaced has a mark at the end.
 *
 * @returns undefined where the delivery stream is gone, or its logging is off
 */
async function deliveryLogGroup(
  { clients }: Pick<DeployedRelay, 'clients'>,
  { deliveryStream }: Pick<DeployedDestination, 'deliveryStream'>,
): Promise<string | undefined> {
  const call = new DescribeDeliveryStreamCommand({ DeliveryStreamName: deliveryStream });
  try {
    const { DeliveryStreamDescription: found } = await clients.firehose.send(call);
    return loggedGroup(found?.Destinations?.[0] ?? {});
  } catch (error) {
    if (error instanceof Error && error.name === 'ResourceNotFoundException') return undefined;
    throw error;
  }
}

/** The log group of a description. Every kind of destination has its logging at the same place. */
export function loggedGroup(described: Partial<DestinationDescription>): string | undefined {
  type Logged = { readonly CloudWatchLoggingOptions?: { readonly LogGroupName?: string } };
  const all = Object.values(described) as readonly (Logged | string | undefined)[];
  const logged = all.find((one) => typeof one === 'object' && one.CloudWatchLoggingOptions?.LogGroupName);
  return (logged as Logged | undefined)?.CloudWatchLoggingOptions?.LogGroupName;
}
