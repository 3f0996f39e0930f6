import { expect, test } from 'vitest';
import { directPutQuota, raisedQuota } from '../../../aws/firehose/direct-put-quota.ts';
import { createThroughput } from '../../../aws/firehose/throughput.ts';

test.each(['us-east-1', 'us-west-2', 'eu-west-1'])('%s accepts 5 MiB/s', (region) => {
  expect(directPutQuota(region)).toEqual({
    bytesPerSecond: 5_242_880,
    recordsPerSecond: 500_000,
    requestsPerSecond: 2_000,
  });
});

test('every other region accepts 1 MiB/s', () => {
  expect(directPutQuota('eu-central-1')).toEqual({
    bytesPerSecond: 1_048_576,
    recordsPerSecond: 100_000,
    requestsPerSecond: 1_000,
  });
});

test("a raise to 10 MiB/s gives the guide's own figures for a large region", () => {
  expect(raisedQuota('eu-west-1', 10)).toEqual({
    bytesPerSecond: 10_485_760,
    recordsPerSecond: 1_000_000,
    requestsPerSecond: 4_000,
  });
});

test('calls per second are limited too', () => {
  const throughput = createThroughput(directPutQuota('eu-central-1'), () => 0);
  const taken = Array.from({ length: 1_100 }, () => throughput.takeRequest()).filter(Boolean);
  expect(taken).toHaveLength(1_000);
});
