import { type FirehoseClient, PutRecordBatchCommand } from '@aws-sdk/client-firehose';
import { SinkRefused } from '../errors.ts';
import type { Sink } from '../ports.ts';

/**
 * One Firehose delivery stream as a sink.
 *
 * @see https://docs.aws.amazon.com/firehose/latest/APIReference/API_PutRecordBatch.html
 */
export function createFirehoseSink(options: {
  readonly client: FirehoseClient;
  readonly deliveryStreamName: string;
}): Sink {
  return {
    async put(records, signal) {
      const command = new PutRecordBatchCommand({
        DeliveryStreamName: options.deliveryStreamName,
        Records: records.map((Data) => ({ Data })),
      });
      try {
        const answer = await options.client.send(command, { abortSignal: signal });
        return records.map((_, index) => answer.RequestResponses?.[index]?.ErrorCode);
      } catch (cause) {
        const name = cause instanceof Error ? cause.name : 'UnknownError';
        throw new SinkRefused(
          `Firehose refused a call to ${options.deliveryStreamName} (${name}); the journal keeps its events.`,
          { throttled: throttles.has(name), name, cause },
        );
      }
    },
  };
}

const throttles: ReadonlySet<string> = new Set([
  'ServiceUnavailableException',
  'LimitExceededException',
  'ThrottlingException',
]);
