import {
  GetQueueAttributesCommand,
  QueueDoesNotExist,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { writeNotification } from '../../object-copier/notification.ts';
import type { KeptQueues } from '../ports.ts';

/** The queues of kept copiers, whose own policies let this function ask and tell. */
export function createKeptQueues(client: SQSClient, bucket: string): KeptQueues {
  return {
    async depth(queueUrl) {
      try {
        const { Attributes: found } = await client.send(
          new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: [...counts] }),
        );
        return counts.reduce((sum, name) => sum + Number(found?.[name] ?? 0), 0);
      } catch (error) {
        if (error instanceof QueueDoesNotExist) return undefined;
        throw error;
      }
    },
    async tell(queueUrl, object) {
      const MessageBody = writeNotification({ bucket, ...object });
      await client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody }));
    },
  };
}

const counts = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesDelayed',
  'ApproximateNumberOfMessagesNotVisible',
] as const;
