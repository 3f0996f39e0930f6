import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Credentials } from '../identities.ts';

/** Where an event of Lambda or Scheduler goes when nobody took it. */
export interface EventSender {
  /** @param arn of an SQS queue. @throws when the role may not, or there is no such queue */
  send(roleArn: string, arn: string, message: unknown): Promise<void>;
}

/** Sends as the given role, through the gateway, as Lambda and Scheduler do. */
export function createEventSender(options: {
  readonly gatewayUrl: string;
  readonly region: string;
  readonly issueCredentials: (roleArn: string) => Credentials;
}): EventSender {
  const { gatewayUrl, region } = options;
  return {
    send: async (roleArn, arn, message) => {
      const [, , service, , account, name] = arn.split(':');
      if (service !== 'sqs') throw new Error(`nothing here sends events to ${arn}`);
      const credentials = options.issueCredentials(roleArn);
      const client = new SQSClient({ endpoint: gatewayUrl, region, credentials, maxAttempts: 1 });
      try {
        const QueueUrl = `${gatewayUrl}/${account}/${name}`;
        await client.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(message) }));
      } catch (error) {
        const { name: code, message: reason } = error as Error;
        throw new Error(`${roleArn} could not send to ${arn}: ${code}: ${reason}`, { cause: error });
      } finally {
        client.destroy();
      }
    },
  };
}
