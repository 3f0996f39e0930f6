/**
 * A stand-in for Lambda's event source mappings of SQS, written here: one poller for each, where Lambda begins with
 * five. It reads as the function's role, invokes, and deletes what did not fail; what failed comes back when its
 * visibility timeout is over.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
 */
import {
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { VirtualClock } from '../../clock/virtual-clock.ts';
import type { Credentials } from '../identities.ts';
import type { SqsStandIn } from '../sqs.ts';
import { failedMessages } from './batch-response.ts';
import type { FunctionDefinition } from './function-definition.ts';
import type { LambdaHost } from './host.ts';

export interface EventSources {
  /**
   * Creates a mapping, or changes the one of this id.
   * @throws when Lambda would refuse it: a role that may not read the queue, a visibility timeout below the function's
   */
  put(id: string, settings: EventSourceSettings): Promise<void>;
  remove(id: string): void;
  /** Every event source that exists. */
  readonly mappings: ReadonlyMap<string, EventSourceSettings>;
  close(): void;
}

export interface EventSourceSettings {
  readonly queueArn: string;
  /** By name or ARN. */
  readonly functionName: string;
  /** 1..10. */
  readonly batchSize: number;
  /** `ReportBatchItemFailures`; without it a batch fails or succeeds as one. */
  readonly reportsFailures: boolean;
}

export interface EventSourcesOptions {
  readonly clock: Pick<VirtualClock, 'now' | 'at'>;
  readonly accountId: string;
  readonly region: string;
  readonly gatewayUrl: string;
  readonly sqs: Pick<SqsStandIn, 'onMessages'>;
  readonly lambda: Pick<LambdaHost, 'functions' | 'invoke'>;
  /** Of the function's role, for Lambda. @throws where it may not take on the role */
  readonly assume: (definition: FunctionDefinition) => Credentials;
}

export function createEventSources(options: EventSourcesOptions): EventSources {
  const { clock, region } = options;
  const pollers = new Map<string, Poller>();
  const settings = new Map<string, EventSourceSettings>();
  options.sqs.onMessages((arn) => {
    for (const poller of pollers.values()) if (poller.queueArn === arn) poller.wake();
  });

  const drop = (id: string): void => {
    pollers.get(id)?.close();
    pollers.delete(id);
    settings.delete(id);
  };
  return {
    mappings: settings,
    async put(id, wanted) {
      drop(id);
      const { definition } = options.lambda.functions.find(wanted.functionName);
      const credentials = options.assume(definition);
      const client = new SQSClient({ endpoint: options.gatewayUrl, region, credentials });
      const queueUrl = `${options.gatewayUrl}/${options.accountId}/${lastPart(wanted.queueArn)}`;
      await checkQueue({ client, queueUrl, definition });
      const poller = createPoller({ ...wanted, client, queueUrl, region, clock, lambda: options.lambda });
      pollers.set(id, poller);
      settings.set(id, wanted);
      poller.wake();
    },
    remove: drop,
    close() {
      for (const id of [...pollers.keys()]) drop(id);
    },
  };
}

async function checkQueue(mapped: {
  readonly client: SQSClient;
  readonly queueUrl: string;
  readonly definition: FunctionDefinition;
}): Promise<void> {
  const { definition } = mapped;
  const { Attributes } = await mapped.client.send(
    new GetQueueAttributesCommand({ QueueUrl: mapped.queueUrl, AttributeNames: ['VisibilityTimeout'] }),
  );
  const seconds = Number(Attributes?.VisibilityTimeout);
  if (seconds >= definition.timeoutSeconds) return;
  throw new Error(
    `InvalidParameterValueException: Queue visibility timeout: ${seconds} seconds is less than Function timeout: ${definition.timeoutSeconds} seconds`,
  );
}

interface Poller {
  readonly queueArn: string;
  /** There may be messages. */
  wake(): void;
  close(): void;
}

interface PollerParts extends EventSourceSettings, Pick<EventSourcesOptions, 'clock' | 'lambda' | 'region'> {
  readonly client: SQSClient;
  readonly queueUrl: string;
}

function createPoller(parts: PollerParts): Poller {
  const { client, clock, queueUrl, queueArn, region } = parts;
  let wanted = false;
  let polling = false;
  let closed = false;

  const readBatch = async (): Promise<boolean> => {
    const received = await client.send(
      new ReceiveMessageCommand({
        QueueUrl: queueUrl,
        MaxNumberOfMessages: parts.batchSize,
        MessageSystemAttributeNames: ['All'],
        MessageAttributeNames: ['All'],
      }),
    );
    const messages = received.Messages ?? [];
    if (messages.length === 0) return false;
    const event = { Records: messages.map((message) => recordOf(message, queueArn, region)) };
    const invocation = await parts.lambda.invoke(parts.functionName, event, { kind: 'sync' });
    const ids = messages.map(({ MessageId }) => String(MessageId));
    const failed = failedMessages(ids, invocation, parts.reportsFailures);
    const done = messages.filter(({ MessageId }) => !failed.has(String(MessageId)));
    if (done.length > 0) {
      const Entries = done.map((message, index) => ({
        Id: String(index),
        ReceiptHandle: message.ReceiptHandle,
      }));
      await client.send(new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
    }
    return true;
  };
  const poll = async (): Promise<void> => {
    try {
      while (wanted && !closed) {
        wanted = false;
        while (!closed && (await readBatch())) {
          // Until the queue is empty.
        }
      }
    } catch (error) {
      // What Lambda's pollers cannot do now, they try again.
      if (closed) return;
      wanted = true;
      if ((error as Error).name === 'AccessDeniedException') throw error;
      clock.at(clock.now() + retryMs, start);
    } finally {
      polling = false;
    }
  };
  const start = (): Promise<void> | undefined => {
    if (polling || closed) return undefined;
    polling = true;
    return poll();
  };
  return {
    queueArn,
    wake() {
      wanted = true;
      if (!polling) clock.at(clock.now(), start);
    },
    close() {
      closed = true;
      client.destroy();
    },
  };
}

const retryMs = 1_000;

/** The form in which Lambda hands a message over. */
function recordOf(message: Message, queueArn: string, region: string): object {
  const attributes = Object.entries(message.MessageAttributes ?? {});
  return {
    messageId: message.MessageId,
    receiptHandle: message.ReceiptHandle,
    body: message.Body,
    attributes: message.Attributes ?? {},
    messageAttributes: Object.fromEntries(
      attributes.map(([name, { DataType: dataType, StringValue: stringValue }]) => [
        name,
        { dataType, stringValue },
      ]),
    ),
    md5OfBody: message.MD5OfBody,
    eventSource: 'aws:sqs',
    eventSourceARN: queueArn,
    awsRegion: region,
  };
}

function lastPart(arn: string): string {
  return arn.slice(arn.lastIndexOf(':') + 1);
}
