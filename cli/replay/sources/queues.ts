import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueUrlCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { readNotification } from '../../../functions/object-copier/notification.ts';
import { deliveredLines } from '../../../functions/stored/delivered-object.ts';
import type { Bucket } from '../../access/bucket.ts';
import type { DeployedCopier } from '../../access/deployed-relay.ts';
import { readRelayedLine } from '../relayed-line.ts';
import {
  type Found,
  isWithin,
  type Opened,
  type SearchOptions,
  type TimeRange,
  type Waiting,
} from '../waiting.ts';

/**
 * Finds dead letters of the object copiers. Each goes back to the queue that it came from. The receiver knows an
 * object by its name, so no marks are kept. Messages in the queue itself need no replay.
 */
export async function searchQueues(options: SearchOptions): Promise<Found> {
  const { relay, stream, bucket } = options;
  const waiting: Waiting[] = [];
  const held: Held[] = [];
  for (const { name, copier } of stream.destinations) {
    if (copier === undefined || !options.destinations.includes(name)) continue;
    const queue = await openQueue(relay.clients.sqs, copier);
    for (const message of await receiveAll(relay.clients.sqs, queue.deadLetters)) {
      const one: Held = { queue, message, done: false };
      held.push(one);
      waiting.push({
        source: 'queues',
        key: message.MessageId ?? '',
        destinations: [name],
        open: () => openMessage(one, { bucket, range: options.range, sqs: relay.clients.sqs }),
        settle: async () => undefined,
      });
    }
  }
  return {
    waiting,
    replayedBefore: 0,
    problems: [],
    release: async () => {
      for (const one of held) if (!one.done) await giveBack(relay.clients.sqs, one);
    },
  };
}

interface Queue {
  readonly url: string;
  readonly deadLetters: string;
}

interface Held {
  readonly queue: Queue;
  readonly message: Message;
  done: boolean;
}

async function openQueue(sqs: SQSClient, { queueArn, environment }: DeployedCopier): Promise<Queue> {
  const name = queueArn.slice(queueArn.lastIndexOf(':') + 1);
  const { QueueUrl: url } = await sqs.send(new GetQueueUrlCommand({ QueueName: name }));
  return { url: url!, deadLetters: environment.DEAD_LETTER_QUEUE_URL };
}

/** Long polling asks every server of the queue, so that one empty answer means that it is empty. */
async function receiveAll(sqs: SQSClient, queueUrl: string): Promise<readonly Message[]> {
  const messages: Message[] = [];
  for (;;) {
    const { Messages: received = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: queueUrl,
        MaxNumberOfMessages: 10,
        WaitTimeSeconds: 1,
        VisibilityTimeout: holdSeconds,
        MessageAttributeNames: ['All'],
      }),
    );
    if (received.length === 0) return messages;
    messages.push(...received);
  }
}

/** How long a received message is invisible to others. Messages that were not sent on are given back at once. */
const holdSeconds = 1_800;

async function giveBack(sqs: SQSClient, { queue, message }: Held): Promise<void> {
  await sqs.send(
    new ChangeMessageVisibilityCommand({
      QueueUrl: queue.deadLetters,
      ReceiptHandle: message.ReceiptHandle,
      VisibilityTimeout: 0,
    }),
  );
}

async function openMessage(
  held: Held,
  context: { readonly bucket: Bucket; readonly range: TimeRange | undefined; readonly sqs: SQSClient },
): Promise<Opened> {
  const { message, queue } = held;
  const body = message.Body ?? '';
  const created = readNotification(body);
  if ('kind' in created) return { kind: 'unusable', reason: created.message };
  const times: number[] = [];
  for (const { key, bucket } of created) {
    if (bucket !== context.bucket.name) return { kind: 'unusable', reason: `it names bucket ${bucket}` };
    const object = await context.bucket.find(key);
    if (object === undefined) return { kind: 'unusable', reason: `S3 no longer has ${key}; see the journal` };
    for (const line of deliveredLines(object.body)) {
      times.push(readRelayedLine(line)?.collectedAt ?? Number.NaN);
    }
  }
  if (times.length > 0 && !times.some((time) => isWithin(context.range, time)))
    return { kind: 'out-of-range' };
  return {
    kind: 'message',
    events: times.length,
    async send() {
      // The message is sent before it is deleted. The receiver stores an object once even if the message arrives
      // twice, but a deleted message could be lost.
      await context.sqs.send(new SendMessageCommand({ QueueUrl: queue.url, MessageBody: body }));
      await context.sqs.send(
        new DeleteMessageCommand({ QueueUrl: queue.deadLetters, ReceiptHandle: message.ReceiptHandle }),
      );
      held.done = true;
    },
  };
}
