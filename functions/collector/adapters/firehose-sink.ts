import {
  type FirehoseClient,
  PutRecordBatchCommand,
  type PutRecordBatchOutput,
} from '@aws-sdk/client-firehose';
import { SinkRefused } from '../errors.ts';
import type { Sink } from '../ports.ts';
import { createBodyWriter } from './put-records-body.ts';
import { afterBuild, createRepeatedCall } from './repeated-call.ts';

/**
 * One Firehose delivery stream as a sink.
 *
 * @see https://docs.aws.amazon.com/firehose/latest/APIReference/API_PutRecordBatch.html
 */
export function createFirehoseSink(options: {
  readonly client: FirehoseClient;
  readonly deliveryStreamName: string;
}): Sink {
  const place = options.deliveryStreamName;
  const writer = createBodyWriter(place);
  const repeated = createRepeatedCall(options.client, []);

  const putByClient = async (body: Uint8Array, signal: AbortSignal): Promise<PutRecordBatchOutput> => {
    const command = new PutRecordBatchCommand({ DeliveryStreamName: place, Records: [] });
    // Ours in the place of the client's, which was written for no records; lengths and signatures come after.
    command.middlewareStack.add(
      (next) => (args) => next({ ...args, request: withBody(args.request, body) }),
      { step: 'build', priority: 'high' },
    );
    command.middlewareStack.add(repeated.note(place), afterBuild);
    return options.client.send(command, { abortSignal: signal });
  };

  return {
    async put(records, signal) {
      const body = writer.write(records);
      try {
        const answer = await repeated.again(place, { headers: {}, body }, signal);
        return codesOf(
          answer === undefined ? await putByClient(body, signal) : parsed(answer),
          records.length,
        );
      } catch (cause) {
        const name = cause instanceof Error ? cause.name : 'UnknownError';
        throw new SinkRefused(
          `Firehose refused a call to ${place} (${name}); the journal keeps its events.`,
          { throttled: throttles.has(name), name, cause },
        );
      } finally {
        writer.free(body);
      }
    },
  };
}

function withBody(request: unknown, body: Uint8Array): unknown {
  return Object.assign(request as object, { body });
}

function parsed(answer: Uint8Array): PutRecordBatchOutput {
  return JSON.parse(Buffer.from(answer).toString()) as PutRecordBatchOutput;
}

/**
 * @throws when the answer does not say of each record whether it was accepted: silence is no acceptance, and only
 *   what Firehose accepted may be recorded as delivered
 */
function codesOf(answer: PutRecordBatchOutput, records: number): readonly (string | undefined)[] {
  const responses = answer.RequestResponses ?? [];
  // A repeated call's answer has not gone through the client, which drops what is null.
  const codes = responses.map(({ ErrorCode }) => ErrorCode ?? undefined);
  const told = responses.every(
    ({ RecordId, ErrorCode }) => typeof RecordId === 'string' || typeof ErrorCode === 'string',
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
