import type { AwsCall } from './aws-call.ts';
import type { HiddenMessage } from './sqs-visibility.ts';

/** A call of this stand-in's own about one message. fauxqs reads the region from the scope, and asks for no signature. */
export function aboutMessage(
  operation: string,
  { queueUrl, receiptHandle, seconds }: HiddenMessage & { readonly seconds?: number },
  region: string,
) {
  const input = { QueueUrl: queueUrl, ReceiptHandle: receiptHandle, VisibilityTimeout: seconds };
  return {
    method: 'POST',
    path: '/',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `AmazonSQS.${operation}`,
      authorization: `AWS4-HMAC-SHA256 Credential=AKIA/20260101/${region}/sqs/aws4_request`,
    },
    body: Buffer.from(JSON.stringify(input)),
  } satisfies Partial<AwsCall>;
}
