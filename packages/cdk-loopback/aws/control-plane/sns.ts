/**
 * A stand-in for Amazon Simple Notification Service, written here: the topics and subscriptions of the template, and
 * Publish, which keeps the message and delivers it to nobody.
 * @see https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
 */
import { createHash, randomUUID } from 'node:crypto';
import type { AwsAnswer } from '../aws-answer.ts';
import type { AwsCall, ServiceStandIn } from '../aws-call.ts';
import { errorAnswer } from '../aws-error.ts';
import type { Deployment } from '../cloudformation/deployment.ts';
import { queryAnswer } from './query-protocol.ts';

export interface SnsStandIn extends ServiceStandIn {
  /** As CloudWatch publishes when an alarm changes: @throws when there is no such topic */
  publish(topicArn: string, notice: { readonly subject?: string; readonly message: string }): void;
  /** The last 1,000 messages, oldest first. */
  readonly published: readonly PublishedMessage[];
}

export interface PublishedMessage {
  readonly topicArn: string;
  readonly subject?: string;
  readonly message: string;
  /** Milliseconds since the epoch, on the run's clock. */
  readonly time: number;
}

export function createSns(options: {
  readonly deployment: () => Deployment;
  readonly now: () => number;
}): SnsStandIn {
  const published: PublishedMessage[] = [];
  const isTopic = (arn: unknown) =>
    options
      .deployment()
      .byType('AWS::SNS::Topic')
      .some((topic) => topic.arn === arn);
  const keep = (message: Omit<PublishedMessage, 'time'>) => {
    published.push({ ...message, time: options.now() });
    if (published.length > 1_000) published.shift();
  };
  return {
    service: 'sns',
    operations: new Set(['Publish', 'ListSubscriptionsByTopic']),
    published,
    publish(topicArn, { subject, message }) {
      if (!isTopic(topicArn)) throw new Error(`There is no topic ${topicArn} in the local SNS.`);
      keep({ topicArn, subject, message });
    },
    async handle(call): Promise<AwsAnswer> {
      const { Action: _, Version: __, TopicArn, ...others } = call.input;
      if (!isTopic(TopicArn)) return notFound();
      const topicArn = String(TopicArn);
      if (call.operation === 'ListSubscriptionsByTopic') {
        return others.NextToken === undefined
          ? queryAnswer(call.operation, { Subscriptions: subscriptions(options.deployment(), topicArn) })
          : invalid('NextToken is not known here');
      }
      return publishCall(call, topicArn, keep);
    },
    resourceOf: (call) => String(call.input.TopicArn ?? '*'),
  };
}

function publishCall(
  call: AwsCall,
  topicArn: string,
  keep: (message: Omit<PublishedMessage, 'time'>) => void,
): AwsAnswer {
  const { Action: _, Version: __, TopicArn: ___, Subject, Message, ...others } = call.input;
  const unknown = Object.keys(others);
  if (unknown.length > 0) return invalid(`${unknown.join(', ')} is not known here`);
  if (typeof Message !== 'string' || Message === '') return invalid('Empty message');
  if (Buffer.byteLength(Message) > 262_144) return invalid('Message too long');
  // @see API_Publish, Subject: ASCII, no line breaks, less than 100 characters
  if (Subject !== undefined && !/^[A-Za-z0-9!-/:-@[-`{-~][\x20-\x7e]{0,98}$/.test(String(Subject)))
    return invalid('Subject');
  keep({ topicArn, ...(Subject === undefined ? {} : { subject: String(Subject) }), message: Message });
  return queryAnswer(call.operation, { MessageId: randomUUID() });
}

/** Locally every subscription counts as confirmed: there is nobody to confirm it. */
function subscriptions(deployment: Deployment, topicArn: string) {
  const own = deployment
    .byType('AWS::SNS::Subscription')
    .filter(({ properties }) => properties.TopicArn === topicArn);
  return own.map(({ logicalId, properties }) => ({
    TopicArn: topicArn,
    Protocol: properties.Protocol,
    Endpoint: properties.Endpoint,
    SubscriptionArn: `${topicArn}:${uuidOf(logicalId)}`,
    Owner: deployment.accountId,
  }));
}

function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    '-',
  );
}

function notFound(): AwsAnswer {
  return errorAnswer('sns', { status: 404, code: 'NotFound', message: 'Topic does not exist' });
}

function invalid(what: string): AwsAnswer {
  return errorAnswer('sns', { status: 400, code: 'InvalidParameter', message: `Invalid parameter: ${what}` });
}
