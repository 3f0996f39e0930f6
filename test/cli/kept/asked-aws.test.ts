import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterEach, expect, test } from 'vitest';
import type { RelayClients } from '../../../cli/access/deployed-relay.ts';
import { findKept, type KeptStream } from '../../../cli/kept/find-kept.ts';
import { findCopier } from '../../../cli/kept/kept-copier.ts';
import { summarizeKept } from '../../../cli/kept/summarize-kept.ts';
import { copierVariables } from '../small-relay.ts';

/** AWS as it answers what no local stand-in does: throttled, deleted between two calls, of another stage. */
let server: Server | undefined;
afterEach(() => void server?.close());

interface Answer {
  readonly status?: number;
  readonly body: object;
}
type Answering = (asked: {
  readonly operation: string;
  readonly path: string;
  readonly name: string;
}) => Answer;

async function relayOf(answer: Answering) {
  let inFlight = 0;
  const found = { mostInFlight: 0 };
  server = createServer(async (request, response) => {
    inFlight += 1;
    found.mostInFlight = Math.max(found.mostInFlight, inFlight);
    const text = (await request.toArray()).join('');
    const { DeliveryStreamName: name = '' } = text === '' ? {} : JSON.parse(text);
    const operation = String(request.headers['x-amz-target'] ?? '').split('.')[1] ?? '';
    // Calls that are made side by side have all arrived when the first is answered.
    setTimeout(() => {
      inFlight -= 1;
      const { status = 200, body } = answer({ operation, path: request.url ?? '', name });
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
    }, 20);
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const connection = {
    region: 'eu-west-1',
    endpoint: `http://127.0.0.1:${port}`,
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  };
  const clients = { dynamoDb: new DynamoDBClient(connection) } as RelayClients;
  const stack = { stage: 'dev', stackName: 'mosaic-relay-dev', place: 'stack mosaic-relay-dev' };
  const relay = { connection, clients, table: 'table', ...stack, streams: [] };
  return { relay, found };
}

const refusal = (type: string): Answer => ({ status: 400, body: { __type: type, message: `${type} it is` } });

test('delivery streams are asked about one after the other, again when throttled, and one deleted meanwhile is none', async () => {
  const names = ['0', '1', '2', '3'].map((each) => `mosaic-relay-dev-cis-old-0000000${each}`);
  const Tags = Object.entries({ Stack: 'mosaic-relay-dev', Stream: 'cis', Destination: 'old' }).map(
    ([Key, Value]) => ({ Key: `Relay${Key}`, Value }),
  );
  let throttled = 0;
  const { relay, found } = await relayOf(({ operation, name }) => {
    if (operation === 'ListDeliveryStreams')
      return { body: { DeliveryStreamNames: names, HasMoreDeliveryStreams: false } };
    if (operation === 'Query') return { body: { Items: [] } };
    if (name === names[1] && throttled < 2) {
      throttled += 1;
      return refusal('ThrottlingException');
    }
    if (operation === 'ListTagsForDeliveryStream') return { body: { Tags, HasMoreTags: false } };
    if (name === names[2]) return refusal('ResourceNotFoundException');
    return { body: { DeliveryStreamDescription: { DeliveryStreamName: name, Destinations: [{}] } } };
  });
  const kept = await findKept(relay);
  expect(kept.map(({ deliveryStream }) => deliveryStream)).toEqual([names[0], names[1], names[3]]);
  expect(found.mostInFlight).toBe(1);
});

test('a failure to look is no health: the verdict is unknown, and the summary says why', async () => {
  const { relay } = await relayOf(() => refusal('InvalidArgumentException'));
  // The listing fails before anything else of the relay is needed.
  const summary = await summarizeKept(relay as never, { address: '--stage dev' });
  expect(summary).toEqual({
    verdict: 'unknown',
    streams: [],
    problem: expect.stringMatching(/^what is kept of removed destinations is not known: Invalid/),
  });
});

test.each([
  [{}, true],
  [{ STAGE: 'dev-eu', STREAM_NAME: 'cis' }, false],
  [{ DESTINATION: 'other' }, false],
])('a function of the copier name with %o is the copier: %s', async (differs, is) => {
  const Variables = {
    ...copierVariables('bucket', 'https://sqs.eu-west-1.amazonaws.com/111122223333/dead'),
    STREAM_NAME: 'eu-cis',
    DESTINATION: 'gcs',
    ...differs,
  };
  const { relay } = await relayOf(({ path }) => ({
    body: path.includes('event-source-mappings')
      ? { EventSourceMappings: [{ UUID: 'u', EventSourceArn: 'arn:aws:sqs:eu-west-1:111122223333:queue' }] }
      : { FunctionName: 'f', Role: 'arn:aws:iam::111122223333:role/r', Environment: { Variables } },
  }));
  const kept = { streamName: 'eu-cis', destination: 'gcs', copierEnd: 'copier' } as KeptStream;
  const found = await findCopier(relay, kept);
  expect(found?.functionName).toBe(is ? 'mosaic-relay-dev-eu-cis-gcs-copier' : undefined);
});
