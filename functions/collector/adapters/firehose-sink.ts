import {
  type FirehoseClient,
  PutRecordBatchCommand,
  type PutRecordBatchCommandOutput,
} from '@aws-sdk/client-firehose';
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
        return codesOf(await options.client.send(command, { abortSignal: signal }), records.length);
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

/**
 * @throws when the answer does not say of each record whether it was accepted: silence is no acceptance, and only
 *   what Firehose accepted may be recorded as delivered
 */
function codesOf(answer: PutRecordBatchCommandOutput, records: number): readonly (string | undefined)[] {
  const responses = answer.RequestResponses ?? [];
  const codes = responses.map(({ ErrorCode }) => ErrorCode);
  const told = responses.every(
    ({ RecordId, ErrorCode }) => RecordId !== undefined || ErrorCode !== undefined,
  );
  if (told && responses.length === records) return codes;
  throw Object.assign(new Error(`${responses.length} answers for ${records} records`), {
    name: 'IncompleteAnswer',
  });
}

const throttles: ReadonlySet<string> = new Set([
  'ServiceUnavailableException',
  'LimitExceededException',
  'ThrottlingException',
]);
