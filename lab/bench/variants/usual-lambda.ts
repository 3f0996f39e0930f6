import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { FirehoseClient, PutRecordBatchCommand } from '@aws-sdk/client-firehose';
import { marshall } from '@aws-sdk/util-dynamodb';
import { world } from '../world.ts';
import { serveRounds } from './serve-rounds.ts';

// The usual forwarder on Lambda in TypeScript, written for this benchmark as the services' own documents would lead a
// careful engineer to write it: fetch() and json(), one record an event with a line feed, the plain Firehose client
// within PutRecordBatch's limits, refused records sent again, and what was reached written to DynamoDB for each batch.
// It logs nothing for an event, which many do. Bundled as the CDK's NodejsFunction bundles. With `BENCH_PACKED` it puts
// as many lines into a record as fit, which a careful engineer does once the first bill has come: Firehose bills a
// record in steps of 5 KB.
// See https://docs.aws.amazon.com/firehose/latest/APIReference/API_PutRecordBatch.html

const firehose = new FirehoseClient({});
const dynamoDb = new DynamoDBClient({});
const mosaicUrl = process.env.MOSAIC_URL!;
const recordsPerCall = 500;
/** PutRecordBatch takes 4 MiB; base64 makes a third more of it. */
const bytesPerCall = 3 * 1024 * 1024;
/** A record may have 1,000 KiB. */
const bytesPerRecord = process.env.BENCH_PACKED === undefined ? 0 : 1_000 * 1024;
let token: string | undefined;
let forwarded = 0;

await serveRounds(async () => {
  token ??= await fetchToken();
  for (;;) {
    const events = await fetchEvents(token);
    if (events.length === 0) return;
    await forward(events);
    forwarded += events.length;
    await dynamoDb.send(
      new PutItemCommand({
        TableName: world.table,
        Item: marshall({
          stream: world.streamId,
          item: 'STATE',
          updatedAt: new Date().toISOString(),
          lastBatchSize: events.length,
          forwarded,
        }),
      }),
    );
  }
});

async function fetchToken(): Promise<string> {
  const response = await fetch(`${mosaicUrl}${world.tokenPath}`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: world.clientId,
      client_secret: world.clientSecret,
    }),
  });
  if (!response.ok) throw new Error(`the token endpoint answered ${response.status}`);
  return ((await response.json()) as { access_token: string }).access_token;
}

async function fetchEvents(bearer: string): Promise<unknown[]> {
  const query = new URLSearchParams({ type: world.eventType, stream_id: world.streamId, batch_size: '1000' });
  const response = await fetch(`${mosaicUrl}${world.collectPath}?${query}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
    body: '{}',
  });
  if (!response.ok) throw new Error(`collect answered ${response.status}`);
  return (await response.json()) as unknown[];
}

async function forward(events: readonly unknown[]): Promise<void> {
  let records: { Data: Uint8Array }[] = [];
  let bytes = 0;
  for (const Data of recordsOf(events.map((event) => `${JSON.stringify(event)}\n`))) {
    if (records.length === recordsPerCall || bytes + Data.length > bytesPerCall) {
      await putAll(records);
      records = [];
      bytes = 0;
    }
    records.push({ Data });
    bytes += Data.length;
  }
  if (records.length > 0) await putAll(records);
}

/** Each line as a record of its own or, packed, as many as fit into one. */
function* recordsOf(lines: readonly string[]): Generator<Buffer> {
  let packed: string[] = [];
  let bytes = 0;
  for (const line of lines) {
    const length = Buffer.byteLength(line);
    if (packed.length > 0 && bytes + length > bytesPerRecord) {
      yield Buffer.from(packed.join(''));
      packed = [];
      bytes = 0;
    }
    packed.push(line);
    bytes += length;
  }
  if (packed.length > 0) yield Buffer.from(packed.join(''));
}

async function putAll(records: { Data: Uint8Array }[]): Promise<void> {
  let waiting = records;
  for (let attempt = 0; attempt < 5; attempt++) {
    const answer = await firehose.send(
      new PutRecordBatchCommand({ DeliveryStreamName: world.deliveryStream, Records: waiting }),
    );
    if ((answer.FailedPutCount ?? 0) === 0) return;
    waiting = waiting.filter((_, index) => answer.RequestResponses?.[index]?.ErrorCode !== undefined);
    await new Promise((resolve) => setTimeout(resolve, 100 * 2 ** attempt));
  }
  throw new Error(`${waiting.length} records were refused five times`);
}
