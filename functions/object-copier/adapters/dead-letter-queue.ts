import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { DeadLetters } from '../ports.ts';
import { awsFailure } from './aws-failure.ts';

/**
 * The dead-letter queue to which the event source's queue also redrives. The attribute `reason` says why a message
 * is there.
 */
export function deadLetterQueue(sqs: SQSClient, queueUrl: string, signal: AbortSignal): DeadLetters {
  return {
    async send(body, reason) {
      const attributes = { reason: { DataType: 'String', StringValue: reason } };
      try {
        await sqs.send(
          new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: body, MessageAttributes: attributes }),
          { abortSignal: signal },
        );
        return { kind: 'kept' };
      } catch (error) {
        return awsFailure(error, 'SQS');
      }
    },
  };
}
