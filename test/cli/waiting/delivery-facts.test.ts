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
