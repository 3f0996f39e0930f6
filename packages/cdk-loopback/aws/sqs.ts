import type { FauxqsServer } from 'fauxqs';
import type { VirtualClock } from '../clock/virtual-clock.ts';
import { bodyOf, withBody } from './answer-body.ts';
import type { AwsAnswer } from './aws-answer.ts';
import type { AwsCall, ServiceStandIn } from './aws-call.ts';
import type { LeftResources } from './control-plane/left-resources.ts';
import { createForwarder } from './forward.ts';
import { leaveStack } from './sqs-deletion.ts';
import { aboutMessage } from './sqs-message-call.ts';
import { createRetention, withCounts } from './sqs-retention.ts';
import { createVisibility, type HiddenMessage } from './sqs-visibility.ts';

/**
 * SQS of the local run: fauxqs, with visibility timeouts, times of sending and retention on the run's clock. Long polling
 * answers at once, since no time passes while a caller waits; delays pass in real time.
 */
export interface SqsStandIn extends ServiceStandIn {
  /**
   * @param attributes as `CreateQueue` takes them, a redrive policy as JSON
   * @returns the ARN in the run's account, and the URL that callers use
   */
  createQueue(name: string, attributes?: Readonly<Record<string, string>>): QueueAddress;
  /** Counts the messages of a queue. @param arn as `createQueue` gave it. @throws when there is none */
  depth(arn: string): QueueDepth;
  /** Calls back with a queue's ARN whenever a message has become visible in it. */
  onMessages(listener: (arn: string) => void): void;
  close(): void;
}

export interface QueueAddress {
  readonly arn: string;
  readonly url: string;
}

export interface QueueDepth {
  readonly visible: number;
  /** Received, and neither deleted nor back yet. */
  readonly hidden: number;
  /** Of the message that was sent first, hidden ones too; absent where there is none. */
  readonly oldestSentAt?: number;
}

export interface SqsOptions {
  readonly accountId: string;
  readonly region: string;
  readonly clock: Pick<VirtualClock, 'now' | 'at'>;
  /** What can be deleted by a call; nothing can where it is absent. */
  readonly left?: LeftResources;
  /** Of the gateway, for the queues' URLs. */
  readonly gatewayUrl: () => string;
}

/** @param fauxqs stays the caller's to stop */
export function createSqs(fauxqs: FauxqsServer, options: SqsOptions): SqsStandIn {
  const { clock } = options;
  const forwarder = createForwarder(fauxqs.port);
  const defaultTimeouts = new Map<string, number>();
  const retention = createRetention(fauxqs, clock);
  const listeners: ((arn: string) => void)[] = [];
  const arnOf = (name: string) => `arn:aws:sqs:${options.region}:${options.accountId}:${name}`;
  const available = (arn: string): void => {
    for (const listener of listeners) listener(arn);
  };
  const visibility = createVisibility(clock, async (message) => {
    await perform('ChangeMessageVisibility', { ...message, seconds: 0 });
    available(arnOf(nameOf(message.queueUrl)));
  });

  const perform = async (operation: string, message: HiddenMessage & { readonly seconds?: number }) =>
    bodyOf(await forwarder.forward(aboutMessage(operation, message, options.region)));

  const receive = async (call: AwsCall): Promise<AwsAnswer> => {
    const { QueueUrl: queueUrl, VisibilityTimeout: asked } = call.input as unknown as Receive;
    // Before fauxqs may move a message to the dead letters, whose retention is another one.
    retention.left(nameOf(queueUrl));
    const seconds = asked ?? defaultTimeouts.get(nameOf(queueUrl)) ?? 0;
    // fauxqs is to hide it for longer than any run lasts; when it comes back is said here.
    const timeout = seconds === 0 ? 0 : longestTimeoutSeconds;
    const answer = await forwarder.forward(
      withInput(call, { ...call.input, VisibilityTimeout: timeout, WaitTimeSeconds: 0 }),
    );
    if (answer.status !== 200) return answer;
    const received = JSON.parse((await bodyOf(answer)).toString()) as { readonly Messages?: Received[] };
    const { Messages: messages = [], ...rest } = received;
    const kept = messages.filter(({ MessageId: id }) => !retention.isGone(id));
    for (const message of messages)
      if (!kept.includes(message))
        await perform('DeleteMessage', { queueUrl, receiptHandle: message.ReceiptHandle });
    if (kept.length === 0 && messages.length > 0) return receive(call);
    for (const { ReceiptHandle: receiptHandle, MessageId, Attributes } of kept) {
      if (seconds > 0) visibility.hide({ queueUrl, receiptHandle }, seconds);
      if (Attributes?.SentTimestamp) Attributes.SentTimestamp = String(retention.sentAt(MessageId));
    }
    return withBody(answer, JSON.stringify(kept.length === 0 ? rest : { ...rest, Messages: kept }));
  };
  const send = async (call: AwsCall): Promise<AwsAnswer> => {
    const answer = await forwarder.forward(call);
    if (answer.status !== 200) return answer;
    const body = (await bodyOf(answer)).toString();
    for (const [, id] of body.matchAll(/"MessageId":"([^"]+)"/g)) retention.sent(id!);
    available(call.resource);
    return withBody(answer, body);
  };
  const changeVisibility = async (call: AwsCall): Promise<AwsAnswer> => {
    const { QueueUrl: queueUrl } = call.input as unknown as Receive;
    const entries = entriesOf(call);
    const forwarded = entries.map((entry) => ({ ...entry, VisibilityTimeout: forFauxqs(entry) }));
    const input = 'Entries' in call.input ? { ...call.input, Entries: forwarded } : forwarded[0]!;
    const answer = await forwarder.forward(withInput(call, { QueueUrl: queueUrl, ...input }));
    if (answer.status !== 200) return answer;
    for (const { ReceiptHandle: receiptHandle, VisibilityTimeout: seconds = 0 } of entries) {
      if (seconds > 0) visibility.hide({ queueUrl, receiptHandle }, seconds);
      else visibility.forget(receiptHandle);
    }
    if (entries.some(({ VisibilityTimeout: seconds }) => seconds === 0)) available(call.resource);
    return answer;
  };

  return {
    service: 'sqs',
    operations,
    async handle(call): Promise<AwsAnswer> {
      if (call.operation === 'DeleteQueue') {
        const refused = await leaveStack(call, options.left);
        if (refused !== undefined) return refused;
      }
      if (call.operation === 'ReceiveMessage') return receive(call);
      if (call.operation.startsWith('SendMessage')) return send(call);
      if (call.operation.startsWith('ChangeMessageVisibility')) return changeVisibility(call);
      const answer = await forwarder.forward(call);
      if (call.operation.startsWith('DeleteMessage')) {
        for (const { ReceiptHandle: handle } of entriesOf(call)) visibility.forget(handle);
      }
      if (!namesQueues.has(call.operation)) return answer;
      const body = inOwnAccount((await bodyOf(answer)).toString(), options);
      if (call.operation !== 'GetQueueAttributes') return withBody(answer, body);
      return withBody(answer, withCounts(body, retention.left(nameOf(String(call.input.QueueUrl)))));
    },
    createQueue(name, attributes = {}) {
      fauxqs.createQueue(name, { region: options.region, attributes: inFauxqsAccount(attributes) });
      defaultTimeouts.set(name, Number(attributes.VisibilityTimeout ?? 30));
      const { MessageRetentionPeriod: period } = attributes;
      retention.keep(name, period === undefined ? undefined : Number(period));
      return { arn: arnOf(name), url: `${options.gatewayUrl()}/${options.accountId}/${name}` };
    },
    depth(arn) {
      const left = retention.left(arn.slice(arn.lastIndexOf(':') + 1));
      if (left === undefined) throw new Error(`There is no queue ${arn} in the local SQS.`);
      const { ready, delayed, hidden } = left;
      const times = [...ready, ...delayed, ...hidden].map(retention.sentAt);
      return {
        visible: ready.length + delayed.length,
        hidden: hidden.length,
        ...(times.length > 0 && { oldestSentAt: Math.min(...times) }),
      };
    },
    onMessages: (listener) => void listeners.push(listener),
    close() {
      visibility.close();
      forwarder.close();
    },
  };
}

interface Receive {
  readonly QueueUrl: string;
  readonly VisibilityTimeout?: number;
}

interface Received {
  readonly ReceiptHandle: string;
  readonly MessageId: string;
  readonly Attributes?: Record<string, string>;
}

interface Entry {
  readonly ReceiptHandle: string;
  readonly VisibilityTimeout?: number;
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
  'DeleteQueue',
]);

/** The most that SQS takes. */
const longestTimeoutSeconds = 43_200;

/** A value that is out of range is left to fauxqs to refuse. */
function forFauxqs({ VisibilityTimeout: seconds }: Entry): number | undefined {
  return seconds !== undefined && seconds > 0 && seconds < longestTimeoutSeconds
    ? longestTimeoutSeconds
    : seconds;
}

/** Operations whose answer has a queue's URL or ARN in it. */
const namesQueues = new Set(['GetQueueUrl', 'GetQueueAttributes']);

/** Of a batch, or of the single form. */
function entriesOf({ input }: AwsCall): readonly Entry[] {
  return 'Entries' in input ? (input.Entries as readonly Entry[]) : [input as unknown as Entry];
}

function nameOf(queueUrl: string): string {
  return queueUrl.slice(queueUrl.lastIndexOf('/') + 1);
}

function withInput(call: AwsCall, input: object): AwsCall {
  return { ...call, body: Buffer.from(JSON.stringify(input)) };
}

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
