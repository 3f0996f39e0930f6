import { DeleteItemCommand } from '@aws-sdk/client-dynamodb';
import { DeleteDeliveryStreamCommand } from '@aws-sdk/client-firehose';
import { DeleteEventSourceMappingCommand, DeleteFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { DeleteQueueCommand } from '@aws-sdk/client-sqs';
import { marshall } from '@aws-sdk/util-dynamodb';
import { keptKey } from '../../functions/stored/kept-delivery.ts';
import { callIam, deleteLogGroup, roleTrusting } from '../access/aws-calls.ts';
import { createBucket } from '../access/bucket.ts';
import type { Connection, DeployedRelay } from '../access/deployed-relay.ts';
import type { KeptCopier } from './kept-copier.ts';
import type { KeptState } from './kept-state.ts';

/**
 * Deletes a delivery stream that holds nothing, with all that was kept for it. Backups stay.
 *
 * The delivery stream goes after everything that is found by it, and its note last, by which a delivery stream is found
 * that is there no more: after a failure the command can be run again. What is not there any more counts as deleted.
 */
export async function deleteKept(relay: DeployedRelay, kept: KeptState): Promise<void> {
  const { clients, connection, bucket, table } = relay;
  if (kept.copier !== undefined) {
    await deleteCopier(relay, kept.copier);
    const objects = createBucket(clients.s3, bucket);
    for (const key of kept.transit) await objects.remove(key);
  }
  const { deliveryStream, gone: isGone } = kept;
  const role = isGone ? await roleTrusting(connection, `deliverystream/${deliveryStream}`) : kept.role;
  if (role !== undefined) await deleteRole(connection, role);
  if (kept.logGroup !== undefined) await deleteLogGroup(connection, kept.logGroup);
  await gone(clients.firehose.send(new DeleteDeliveryStreamCommand({ DeliveryStreamName: deliveryStream })));
  await clients.dynamoDb.send(new DeleteItemCommand({ TableName: table, Key: marshall(keptKey(kept)) }));
}

async function deleteCopier({ clients, connection }: DeployedRelay, copier: KeptCopier): Promise<void> {
  const { functionName } = copier;
  const lambda = new LambdaClient(connection);
  try {
    for (const UUID of copier.eventSources)
      await gone(lambda.send(new DeleteEventSourceMappingCommand({ UUID })));
    for (const QueueUrl of [copier.queueUrl, copier.deadLetterUrl])
      if (QueueUrl !== undefined) await gone(clients.sqs.send(new DeleteQueueCommand({ QueueUrl })));
    await deleteLogGroup(connection, `/aws/lambda/${functionName}`);
    if (copier.role !== undefined) await deleteRole(connection, copier.role);
    // By the function the queues are found.
    await gone(lambda.send(new DeleteFunctionCommand({ FunctionName: functionName })));
  } finally {
    lambda.destroy();
  }
}

/** IAM deletes no role that has a policy. */
async function deleteRole(connection: Connection, RoleName: string): Promise<void> {
  for (const PolicyName of (await callIam(connection, 'ListRolePolicies', { RoleName })) ?? [])
    await callIam(connection, 'DeleteRolePolicy', { RoleName, PolicyName });
  await callIam(connection, 'DeleteRole', { RoleName });
}

async function gone(deletion: Promise<unknown>): Promise<void> {
  try {
    await deletion;
  } catch (error) {
    const known = ['ResourceNotFoundException', 'QueueDoesNotExist'];
    if (!(error instanceof Error && known.includes(error.name))) throw error;
  }
}
