import type { FauxqsServer } from 'fauxqs';
import { bodyOf, withBody } from './answer-body.ts';
import type { AwsAnswer, ServiceStandIn } from './aws-call.ts';
import { createForwarder } from './forward.ts';

/** SQS of the local run: fauxqs. Its visibility timeouts and delays pass in real time, not on the virtual clock. */
export interface SqsStandIn extends ServiceStandIn {
  /**
   * @param attributes as `CreateQueue` takes them, a redrive policy as JSON
   * @returns the ARN in the run's account, and the URL that callers use
   */
  createQueue(name: string, attributes?: Readonly<Record<string, string>>): QueueAddress;
  close(): void;
}

export interface QueueAddress {
  readonly arn: string;
  readonly url: string;
}

export interface SqsOptions {
  readonly accountId: string;
  readonly region: string;
  /** Of the gateway, for the queues' URLs. */
  readonly gatewayUrl: () => string;
}

/** @param fauxqs stays the caller's to stop */
export function createSqs(fauxqs: FauxqsServer, options: SqsOptions): SqsStandIn {
  const forwarder = createForwarder(fauxqs.port);
  return {
    service: 'sqs',
    operations,
    async handle(call): Promise<AwsAnswer> {
      const answer = await forwarder.forward(call);
      if (!namesQueues.has(call.operation)) return answer;
      return withBody(answer, inOwnAccount((await bodyOf(answer)).toString(), options));
    },
    createQueue(name, attributes = {}) {
      fauxqs.createQueue(name, { region: options.region, attributes: inFauxqsAccount(attributes) });
      return {
        arn: `arn:aws:sqs:${options.region}:${options.accountId}:${name}`,
        url: `${options.gatewayUrl()}/${options.accountId}/${name}`,
      };
    },
    close: () => forwarder.close(),
  };
}

const operations = new Set([
  'GetQueueUrl',
  'GetQueueAttributes',
  'SendMessage',
  'SendMessageBatch',
  'ReceiveMessage',
  'DeleteMessage',
  'DeleteMessageBatch',
  'ChangeMessageVisibility',
  'ChangeMessageVisibilityBatch',
  'PurgeQueue',
]);

/** Operations whose answer has a queue's URL or ARN in it. */
const namesQueues = new Set(['GetQueueUrl', 'GetQueueAttributes']);

function inOwnAccount(text: string, { accountId, gatewayUrl }: SqsOptions): string {
  return text
    .replace(/http:\/\/[^/"]+\/000000000000\//g, `${gatewayUrl()}/${accountId}/`)
    .replace(/(arn:aws:sqs:[^:]+:)000000000000:/g, `$1${accountId}:`);
}

/** fauxqs knows queues by an account of zeros, also in the ARN of a dead-letter queue. */
function inFauxqsAccount(attributes: Readonly<Record<string, string>>): Record<string, string> {
  const { RedrivePolicy: redrive, ...others } = attributes;
  if (redrive === undefined) return others;
  return { ...others, RedrivePolicy: redrive.replace(/(arn:aws:sqs:[^:]+:)\d{12}:/, '$1000000000000:') };
}
