import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { createMetricStore, getMetricData } from '@mosaic-relay/cdk-loopback';
import { afterEach, expect, test } from 'vitest';
import type { DeployedDestination, RelayClients } from '../../../cli/access/deployed-relay.ts';
import { openDeliveries } from '../../../cli/waiting/delivery-facts.ts';

const now = Date.UTC(2026, 2, 2, 8);
const store = createMetricStore();

/** CloudWatch, with nothing but metrics. */
const cloudWatch = createServer(async (request, response) => {
  const answer = getMetricData(JSON.parse(await text(request)) as object, store);
  response.setHeader('content-type', 'application/x-amz-json-1.0').end(JSON.stringify(answer));
});
afterEach(() => void cloudWatch.close());

const deliveryMetrics = 'DeliveryToSplunk';

/** Reads the facts of one destination whose delivery stream told these figures, by minutes ago. */
async function factsOf(
  name: string,
  told: Readonly<Record<number, Readonly<Record<string, readonly number[]>>>>,
) {
  for (const [minutes, metrics] of Object.entries(told))
    for (const [metric, values] of Object.entries(metrics))
      for (const value of values)
        store.add(
          { namespace: 'AWS/Firehose', name: metric, dimensions: { DeliveryStreamName: name } },
          { time: now - Number(minutes) * 60_000, value, unit: 'Count' },
        );
  await new Promise<void>((resolve) => cloudWatch.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(cloudWatch.address() as AddressInfo).port}`;
  const connection = {
    region: 'us-east-1',
    endpoint,
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  };
  const deliveries = openDeliveries({
    stage: 'dev',
    now: () => now,
    connection,
    clients: {} as RelayClients,
  });
  const destination = { name: 'siem', kind: 'splunk', deliveryStream: name, deliveryMetrics };
  const facts = await deliveries.of({ name: 'cis', destinations: [destination as DeployedDestination] });
  deliveries.close();
  return facts.get('siem');
}

const attempts = (success: readonly number[], freshSeconds: readonly number[]) => ({
  [`${deliveryMetrics}.Success`]: success,
  [`${deliveryMetrics}.DataFreshness`]: freshSeconds,
});

test('a failure within the minute in which everything was delivered is none any more', async () => {
  const facts = await factsOf('recovered', {
    3: { IncomingRecords: [4] },
    2: { ...attempts([0, 1, 1], [70, 72, 20]), [`${deliveryMetrics}.Records`]: [4, 2], IncomingRecords: [2] },
  });

  expect(facts).toMatchObject({ deliverySuccess: 1, drained: true, toldAt: now - 120_000 });
});

test('while attempts fail, the oldest record of any of them counts, until a minute in which all succeeded', async () => {
  const facts = await factsOf('buffers', {
    30: attempts([0], [3_000]),
    20: attempts([1, 1], [10, 70]),
    12: attempts([0, 0], [60, 300]),
    7: attempts([0], [400]),
    2: attempts([0], [80]),
  });

  // At 12 minutes ago a record was 5 minutes old; the newest minute tells of a younger buffer.
  expect(facts).toMatchObject({
    deliverySuccess: 0,
    toldAt: now - 120_000,
    freshnessMs: (12 + 5 - 2) * 60_000,
  });
});

test.each([
  ['as much was put as delivered, and more in the same minute', { 3: [4], 2: [3] }, 6],
  ['less was delivered than was put while the oldest record waited', { 4: [9], 3: [4], 2: [2] }, 7],
  ['nobody told what was put', {}, 6],
])('a failure stays one where %s', async (name, put: Readonly<Record<number, number[]>>, records) => {
  const facts = await factsOf(name, {
    4: { IncomingRecords: put[4] ?? [] },
    3: { IncomingRecords: put[3] ?? [] },
    2: {
      ...attempts([1, 0], [100, 110]),
      [`${deliveryMetrics}.Records`]: [records],
      IncomingRecords: put[2] ?? [],
    },
  });

  expect(facts).toMatchObject({ deliverySuccess: 0.5, drained: false });
});

test.each([
  ['a domain of OpenSearch', 'openSearch', 'AmazonOpenSearchService', 0.5],
  ['a collection of OpenSearch Serverless', 'openSearch', 'AmazonOpenSearchServerless', 0.25],
  ['Splunk', 'splunk', 'Splunk', 0.75],
  ['Datadog', 'datadog', 'HttpEndpoint', 1],
  ['Google Cloud Storage, as far as Firehose brings it', 'gcs', 'S3', 0],
])('what Firehose tells of %s is found by the metrics of its kind', async (_, kind, receiver, success) => {
  const deliveryStream = `to-${receiver}`;
  const deliveryMetrics = `DeliveryTo${receiver}`;
  const tell = (metric: string, value: number) => {
    const name = `${deliveryMetrics}.${metric}`;
    const dimensions = { DeliveryStreamName: deliveryStream };
    const identity = { namespace: 'AWS/Firehose', name, dimensions };
    store.add(identity, { time: now - 60_000, value, unit: 'Count' });
  };
  tell('Success', success);
  tell('DataFreshness', 75);
  await new Promise<void>((resolve) => cloudWatch.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(cloudWatch.address() as AddressInfo).port}`;
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  const deliveries = openDeliveries({
    stage: 'dev',
    now: () => now,
    connection: { region: 'us-east-1', endpoint, credentials },
    clients: {} as RelayClients,
  });
  const destination = { name: 'siem', kind, deliveryStream, deliveryMetrics } as DeployedDestination;

  const told = await deliveries.of({ name: 'cis', destinations: [destination] });
  deliveries.close();

  expect(told.get('siem')).toMatchObject({
    metricsRead: true,
    deliverySuccess: success,
    freshnessMs: 75_000,
    queued: 0,
  });
});
