import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { DescribeDeliveryStreamCommand } from '@aws-sdk/client-firehose';
import { marshall } from '@aws-sdk/util-dynamodb';
import { metaKey } from '../../functions/stored/meta-item.ts';
import { itemKey } from '../../functions/stored/stream-item.ts';
import type { DeployedRelay } from '../access/deployed-relay.ts';
import { explainingFailure } from '../access/explain-failure.ts';
import { CommandError } from '../command.ts';
import { about, type Finding } from './check.ts';
import { probeBucket } from './probes/s3.ts';

/**
 * Checks the table, the bucket and the delivery streams: that each can be reached and read, and is encrypted at
 * rest.
 */
export async function checkStorage(relay: DeployedRelay): Promise<readonly Finding[]> {
  const { bucket, connection } = relay;
  const streams = relay.streams.flatMap((stream) =>
    stream.destinations.map((destination) => ({ stream: stream.label, ...destination })),
  );
  const found = await Promise.all([
    checkTable(relay),
    ...(await probeBucket({ bucket, own: true }, { connection }, about('journal'))),
    ...streams.map((destination) => checkDeliveryStream(relay, destination)),
  ]);
  return found.filter((each) => each !== undefined);
}

async function checkTable({ clients, table, place }: DeployedRelay): Promise<Finding> {
  const check = about('table');
  try {
    const key = marshall(itemKey('doctor', metaKey));
    await explainingFailure({ sought: `table ${table}`, where: place }, () =>
      clients.dynamoDb.send(new GetItemCommand({ TableName: table, Key: key })),
    );
    return check.ok(`${table} can be read`);
  } catch (error) {
    if (error instanceof CommandError)
      return check.failed(error.message, 'put that right, and run doctor again');
    if (!(error instanceof Error && error.name === 'ResourceNotFoundException')) throw error;
    return check.failed(`there is no table ${table}`, 'deploy the stack again');
  }
}

/** Only faults are findings here. The destination's own checks report what the destination accepts. */
async function checkDeliveryStream(
  { clients, place }: DeployedRelay,
  {
    stream,
    name,
    deliveryStream,
  }: { readonly stream: string; readonly name: string; readonly deliveryStream: string },
): Promise<Finding | undefined> {
  const check = about(`delivery stream of ${stream}/${name}`);
  const looked = { sought: `delivery stream ${deliveryStream}`, where: place };
  const { DeliveryStreamDescription: described } = await explainingFailure(looked, () =>
    clients.firehose.send(new DescribeDeliveryStreamCommand({ DeliveryStreamName: deliveryStream })),
  );
  const { DeliveryStreamStatus: status, DeliveryStreamEncryptionConfiguration: encryption } = described ?? {};
  if (status !== 'ACTIVE')
    return check.failed(`${deliveryStream} is ${status}`, 'see it in the console of Firehose');
  if (encryption?.FailureDescription === undefined) return undefined;
  return check.failed(
    `${deliveryStream} cannot use its key (${encryption.FailureDescription.Type})`,
    'see that the key of the stage is enabled and grants Firehose its use',
  );
}
