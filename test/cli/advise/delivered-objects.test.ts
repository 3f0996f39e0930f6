import { expect, test } from 'vitest';
import type { DeployedDestination } from '../../../cli/access/deployed-relay.ts';
import { monthlyCost } from '../../../cli/advise/cost.ts';
import { plannedDestination } from '../../../cli/advise/planned-destinations.ts';
import {
  compression,
  type Load,
  type PlannedDestination,
  packedS3,
  relayLineBytes,
  splunkEnvelopeBytes,
  usualTiming,
} from '../../../cli/advise/workload.ts';
import { gigabyte, prices, secondsPerMonth } from '../../../infra/config/prices.ts';

const load: Load = { eventsPerSecond: 100, eventBytes: 1_024 };
const costOf = (destination: PlannedDestination, everySeconds = 300, given = load) =>
  monthlyCost(
    given,
    { everySeconds, batchSize: 1_000, memoryMb: 512, timeoutSeconds: 300, destinations: [destination] },
    usualTiming,
  );
const objectsAMonth = (destination: PlannedDestination, everySeconds?: number, given = load) =>
  costOf(destination, everySeconds, given).objectRequests / prices.s3PerPut;

test('Firehose writes an object a run where its buffer waits less than the schedule, and one a buffer where it waits longer', () => {
  const runs = secondsPerMonth / 300;
  const few = { ...load, eventsPerSecond: 10 };

  expect(objectsAMonth(packedS3, 300, few)).toBeCloseTo(runs, 6);
  const patient = { ...packedS3, objects: { bufferMiB: 64, bufferSeconds: 900 } };
  expect(objectsAMonth(patient, 300, few)).toBeCloseTo(runs / 3, 6);
});

test('a full buffer is an object too, and holds more events where records are compressed', () => {
  const small = { ...packedS3, quotaMiBPerSecond: 5, objects: { bufferMiB: 1, bufferSeconds: 900 } };
  const bytes = 100 * secondsPerMonth * (1_024 + relayLineBytes);

  expect(objectsAMonth(small)).toBeCloseTo(bytes / 1024 ** 2, 3);
  expect(objectsAMonth({ ...small, compressed: true })).toBeCloseTo(bytes / 1024 ** 2 / compression, 3);
});

test('a stream that is nearly silent has hardly an object', () => {
  expect(objectsAMonth(packedS3, 300, { ...load, eventsPerSecond: 1e-6 })).toBeLessThan(10);
});

test('the storage of a month of delivered objects stands apart, compressed in either form', () => {
  const bytes = 100 * secondsPerMonth * (1_024 + relayLineBytes);
  const expected = (bytes / compression / gigabyte) * prices.s3PerGbMonth;

  expect(costOf(packedS3).apart.objectStorage).toBeCloseTo(expected, 6);
  expect(costOf({ ...packedS3, compressed: true }).apart.objectStorage).toBeCloseTo(expected, 6);
});

test('a copier costs its queue, its reads and its time, and more to Azure, which takes a megabyte a call', () => {
  const copied = (copiedTo: 'gcs' | 'azure-logs') =>
    costOf({ ...packedS3, objects: { bufferMiB: 5, bufferSeconds: 60, copiedTo } }).copiers;

  expect(costOf(packedS3).copiers).toBe(0);
  expect(copied('gcs')).toBeGreaterThan(0.1);
  expect(copied('azure-logs')).toBeGreaterThan(copied('gcs'));
});

function deployed(changes: Partial<DeployedDestination>): DeployedDestination {
  return {
    ...{ name: 'siem', kind: 'http', deliveryStream: 'siem', format: 'relay-line', packing: 'single' },
    ...{ quotaMiBPerSecond: 1, deliveryMetrics: 'DeliveryToHttpEndpoint' },
    ...changes,
  };
}

const copier = (SINK: string) => ({
  deliveryMetrics: 'DeliveryToS3',
  copier: {
    functionName: 'c',
    queueArn: 'q',
    environment: { SINK },
  } as unknown as DeployedDestination['copier'],
});

test.each<readonly [string, Partial<DeployedDestination>, object, number]>([
  ['S3', { deliveryMetrics: 'DeliveryToS3' }, {}, 0],
  ['an OpenSearch domain', { deliveryMetrics: 'DeliveryToAmazonOpenSearchService' }, {}, 0],
  ['an OpenSearch collection', { deliveryMetrics: 'DeliveryToAmazonOpenSearchServerless' }, {}, 0],
  ['Splunk', { deliveryMetrics: 'DeliveryToSplunk' }, {}, 1],
  ['Google Cloud Storage', copier('gcs'), {}, 1 / compression],
  ['Azure', copier('azure-logs'), {}, 1],
  ['an HTTP endpoint in gzip', {}, { RequestConfiguration: { ContentEncoding: 'GZIP' } }, 1 / 3],
  ['an HTTP endpoint without', {}, { RequestConfiguration: { ContentEncoding: 'NONE' } }, 4 / 3],
])('what leaves AWS for %s', (_, changes, http, expected) => {
  const planned = plannedDestination(deployed(changes), { HttpEndpointDestinationDescription: http });

  expect(planned.egressPerByte).toBeCloseTo(expected, 6);
});

test('buffers are those that Firehose describes, and a Splunk line is an envelope', () => {
  const planned = plannedDestination(
    deployed({ ...copier('gcs'), compressRecords: true, packing: 'lines' }),
    {
      ExtendedS3DestinationDescription: {
        ...{ RoleARN: 'r', BucketARN: 'b', CompressionFormat: 'UNCOMPRESSED', EncryptionConfiguration: {} },
        BufferingHints: { SizeInMBs: 7, IntervalInSeconds: 120 },
      },
    },
  );

  expect(planned).toMatchObject({
    ...{ compressed: true, compressible: true },
    objects: { bufferMiB: 7, bufferSeconds: 120, copiedTo: 'gcs' },
  });
  const splunk = deployed({ deliveryMetrics: 'DeliveryToSplunk', format: 'splunk-envelope' });
  expect(plannedDestination(splunk, {})).toMatchObject({ lineOverheadBytes: splunkEnvelopeBytes });
  expect(plannedDestination(splunk, {})).not.toHaveProperty('objects');
});
