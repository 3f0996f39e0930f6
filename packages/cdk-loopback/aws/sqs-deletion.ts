import type { AwsAnswer } from './aws-answer.ts';
import type { AwsCall } from './aws-call.ts';
import { errorAnswer } from './aws-error.ts';
import { type LeftResources, ResourceOfStack } from './control-plane/left-resources.ts';

/** A queue's policy goes with it. @returns the refusal of a queue that no stack has left */
export async function leaveStack(
  { input }: AwsCall,
  left: LeftResources | undefined,
): Promise<AwsAnswer | undefined> {
  const url = String(input.QueueUrl);
  const refused = (message: string) =>
    errorAnswer('sqs', { status: 400, code: 'UnsupportedOperation', message });
  try {
    const deleted = await left?.delete(
      ({ type, physicalId, properties }) =>
        (type === 'AWS::SQS::Queue' && physicalId === url) ||
        (type === 'AWS::SQS::QueuePolicy' && (properties.Queues as readonly unknown[]).includes(url)),
    );
    return deleted?.length ? undefined : refused(`${url} was left by no stack`);
  } catch (error) {
    if (!(error instanceof ResourceOfStack)) throw error;
    return refused(error.message);
  }
}
