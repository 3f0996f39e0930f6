import type { Credentials } from '../identities.ts';

/** Where an event of Lambda or Scheduler goes when nobody took it. */
export interface EventSender {
  /** @param arn of an SQS queue. @throws when the role may not, or there is no such queue */
  send(roleArn: string, arn: string, message: unknown): Promise<void>;
}

/** Sends as the given role, through the gateway, as Lambda and Scheduler do. */
export function createEventSender(options: {
  readonly gatewayUrl: string;
  readonly issueCredentials: (roleArn: string) => Credentials;
}): EventSender {
  return {
    send: async (roleArn, arn, message) => {
      const [, , service, region, account, name] = arn.split(':');
      if (service !== 'sqs') throw new Error(`nothing here sends events to ${arn}`);
      const { accessKeyId, sessionToken } = options.issueCredentials(roleArn);
      const scope = `${accessKeyId}/20260101/${region}/sqs/aws4_request`;
      const response = await fetch(options.gatewayUrl, {
        method: 'POST',
        headers: {
          'content-type': 'application/x-amz-json-1.0',
          'x-amz-target': 'AmazonSQS.SendMessage',
          'x-amz-security-token': sessionToken,
          // The gateway reads who calls, and does not verify the signature.
          authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=${'0'.repeat(64)}`,
        },
        body: JSON.stringify({
          QueueUrl: `${options.gatewayUrl}/${account}/${name}`,
          MessageBody: JSON.stringify(message),
        }),
      });
      const answer = await response.text();
      if (!response.ok) throw new Error(`${roleArn} could not send to ${arn}: ${answer}`);
    },
  };
}
