import { ConditionalCheckFailedException, GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import {
  type KeptDelivery,
  type KeptDeliveryId,
  keptKey,
  readKept,
  writeKeptAgain,
} from '../../functions/stored/kept-delivery.ts';
import type { DeployedRelay } from '../access/deployed-relay.ts';
import type { KeptStream } from './find-kept.ts';
import type { KeptCopier } from './kept-copier.ts';

type Relay = Pick<DeployedRelay, 'clients' | 'table' | 'now'>;

/** Reads the note by which the stage watches a kept delivery stream. @returns undefined where there is none */
export async function readNote(relay: Relay, id: KeptDeliveryId): Promise<KeptDelivery | undefined> {
  const { Item: item } = await relay.clients.dynamoDb.send(
    new GetItemCommand({ TableName: relay.table, Key: marshall(keptKey(id)), ConsistentRead: true }),
  );
  return item && readKept(unmarshall(item));
}

/** True of a note from which the stream lifecycle can tell the copier's queue. */
export function isWatched(note: KeptDelivery | undefined): note is KeptDelivery {
  return note?.queueUrl !== undefined;
}

/** From the last hour with a put, back to its beginning and over the two hours that a deploy may take. */
const beforeLastPutMs = 3 * 3_600_000;

/**
 * Writes the note of a delivery stream that has a copier and none, so that the stream lifecycle tells the copier's queue
 * of its objects. The bucket told the queue for as long as collectors put events, so what was written long before the last
 * put is known. Where the last put is too long ago, every object is told, the copied ones too.
 *
 * @returns false where the copier has no queue of which the note could tell
 */
export async function noteAgain(
  relay: Relay,
  kept: KeptStream & { readonly copier?: KeptCopier; readonly idleSince?: number },
): Promise<boolean> {
  const { copier, streamName, destination, mark, deliveryStream, idleSince, copierEnd } = kept;
  if (copier?.queueUrl === undefined) return false;
  const change = writeKeptAgain({
    streamName,
    destination,
    mark,
    deliveryStream,
    removedAt: relay.now(),
    toldUntil: idleSince === undefined ? 0 : idleSince - beforeLastPutMs,
    queueUrl: copier.queueUrl,
    deadLetterUrl: copier.deadLetterUrl,
    copierEnd,
  });
  const command = new UpdateItemCommand({
    TableName: relay.table,
    Key: marshall(keptKey(kept)),
    UpdateExpression: change.update,
    ConditionExpression: change.condition,
    ExpressionAttributeNames: change.names,
    ExpressionAttributeValues: marshall(change.values),
  });
  try {
    await relay.clients.dynamoDb.send(command);
  } catch (error) {
    // The stream lifecycle has noted it meanwhile.
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
  return true;
}
