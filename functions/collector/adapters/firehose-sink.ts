import {
  type FirehoseClient,
  PutRecordBatchCommand,
  type PutRecordBatchOutput,
} from '@aws-sdk/client-firehose';
import { causeName } from '../protocol/cause-name.ts';
import type { Sink } from '../protocol/ports/sink.ts';
import { SinkRefused } from '../protocol/ports/sink.ts';
import { createBodyWriter } from './put-records-body.ts';

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

  const send = async (body: Uint8Array, signal: AbortSignal): Promise<PutRecordBatchOutput> => {
    const command = new PutRecordBatchCommand({ DeliveryStreamName: place, Records: [] });
    // The client gets no records and writes a body without them. This step replaces that body before length and
    // signature are made.
    command.middlewareStack.add(
      (next) => (args) => next({ ...args, request: withBody(args.request, body) }),
      { step: 'build', priority: 'high' },
    );
    return options.client.send(command, { abortSignal: signal });
  };

  return {
    async put(records, signal) {
      const body = writer.write(records);
      try {
        return codesOf(await send(body, signal), records.length);
      } catch (cause) {
        const name = causeName(cause);
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

/**
 * Reads the answer's code for each record; undefined for an accepted one.
 *
 * @throws when the answer does not give a result for each record: only records that Firehose accepted may be
 * recorded as delivered
 */
function codesOf(answer: PutRecordBatchOutput, records: number): readonly (string | undefined)[] {
  const responses = answer.RequestResponses ?? [];
  const codes = responses.map(({ ErrorCode }) => ErrorCode);
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
