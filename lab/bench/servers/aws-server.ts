import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { setTimeout as after } from 'node:timers/promises';
import { world } from '../world.ts';
import { bodyOf, reply } from './request-body.ts';
import type { ServedRound } from './round.ts';
import { signatureProblem } from './signature-problem.ts';

/**
 * A stand-in for the AWS operations that the variants call, written for the benchmark after the services' API
 * references: Firehose's PutRecordBatch, S3's PutObject and GetObject, DynamoDB's writes to one table and Secrets Manager's
 * GetSecretValue. It keeps the last journal objects alone, which a queue that has fallen behind reads, so that it costs
 * the machine little, and refuses every other operation.
 */
export function createAwsServer(round: ServedRound): RequestListener {
  return async (request, response) => {
    const body = await bodyOf(request);
    const target = request.headers['x-amz-target'];
    const operation = typeof target === 'string' ? target : `S3.${request.method}`;
    if (round.check) {
      const problem = signatureProblem(request, body);
      if (problem !== undefined) round.seen.problems.push(`${operation}: ${problem}`);
    }
    const perform = operations[operation];
    if (perform === undefined) {
      round.seen.problems.push(`${operation} is not known here`);
      return reply(response, 400, `{"__type":"UnknownOperationException"}`);
    }
    await perform({ request, response, body, round });
  };
}

interface Call {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly body: Buffer;
  readonly round: ServedRound;
}

const operations: Readonly<Record<string, (call: Call) => unknown>> = {
  'Firehose_20150804.PutRecordBatch': putRecordBatch,
  'S3.PUT': putObject,
  'S3.GET': getObject,
  'secretsmanager.GetSecretValue': ({ response }) =>
    reply(
      response,
      200,
      JSON.stringify({
        Name: world.secretId,
        SecretString: JSON.stringify({ client_id: world.clientId, client_secret: world.clientSecret }),
      }),
      amazonJson,
    ),
  'DynamoDB_20120810.GetItem': ({ response }) => reply(response, 200, '{}', amazonJson),
  'DynamoDB_20120810.UpdateItem': write,
  'DynamoDB_20120810.PutItem': write,
  'DynamoDB_20120810.DeleteItem': write,
};

const amazonJson = { 'content-type': 'application/x-amz-json-1.1' };

function write({ response, round }: Call): void {
  round.seen.tableWrites += 1;
  reply(response, 200, '{}', amazonJson);
}

interface KeptObject {
  readonly body: Buffer;
  readonly metadata: Readonly<Record<string, string>>;
}

const kept = new Map<string, KeptObject>();
/** More than a run of the benchmark has under way. */
const mostKept = 1_000;

function keyOf(request: IncomingMessage): string {
  return request.url!.split('?')[0]!;
}

async function putObject({ request, response, body, round }: Call): Promise<void> {
  round.seen.journalPuts += 1;
  const metadata = Object.entries(request.headers).filter(([name]) => name.startsWith('x-amz-meta-'));
  kept.set(keyOf(request), { body, metadata: Object.fromEntries(metadata) as Record<string, string> });
  if (kept.size > mostKept) kept.delete(kept.keys().next().value!);
  if (round.delays.journal > 0) await after(round.delays.journal);
  reply(response, 200, '', { etag: '"00000000000000000000000000000000"' });
}

function getObject({ request, response }: Call): void {
  const object = kept.get(keyOf(request));
  if (object === undefined) reply(response, 404, '<Error><Code>NoSuchKey</Code></Error>');
  else reply(response, 200, object.body, { 'content-type': 'application/json', ...object.metadata });
}

async function putRecordBatch({ response, body, round }: Call): Promise<void> {
  const count = occurrences(body, '{"Data":"');
  round.seen.firehoseCalls += 1;
  round.seen.records += count;
  if (round.check) round.seen.delivered += eventsIn(body);
  if (count < 1 || count > 500) round.seen.problems.push(`PutRecordBatch of ${count} records`);
  if (round.delays.firehose > 0) await after(round.delays.firehose);
  reply(response, 200, answerFor(count), amazonJson);
}

/** What stands in no base64 is found without reading it as JSON. */
function occurrences(body: Buffer, text: string): number {
  let count = 0;
  for (let at = body.indexOf(text); at !== -1; at = body.indexOf(text, at + text.length)) count += 1;
  return count;
}

/** Ids of the length that Firehose's have. */
function answerFor(count: number): string {
  let answer = answers.get(count);
  if (answer === undefined) {
    answer = JSON.stringify({
      FailedPutCount: 0,
      Encrypted: false,
      RequestResponses: Array.from({ length: count }, () => ({ RecordId: 'r'.repeat(224) })),
    });
    answers.set(count, answer);
  }
  return answer;
}

const answers = new Map<number, string>();

/**
 * Counts an event for each line, and for each record that is one event without a line's end. What the floor sends,
 * uncut answers in pieces, it counts by the end of an answer alone: an event is what stands between.
 */
function eventsIn(body: Buffer): number {
  const { Records } = JSON.parse(body.toString()) as { Records: { Data: string }[] };
  const records = Records.map(({ Data }) => Buffer.from(Data, 'base64'));
  if (records[0]![0] === 0x5b /* [ */)
    return (JSON.parse(Buffer.concat(records).toString()) as unknown[]).length;
  let events = 0;
  for (const record of records) {
    for (const line of record.toString().trimEnd().split('\n')) {
      if (typeof JSON.parse(line) === 'object') events += 1;
    }
  }
  return events;
}
