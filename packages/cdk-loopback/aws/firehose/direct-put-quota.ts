import type { ThroughputQuota } from './throughput.ts';

/**
 * The default quota of a delivery stream of Direct PUT. Firehose says that it raises the limit of a stream that is
 * throttled for long; the times and amounts are not documented, so the simulation never raises it.
 *
 * @see https://docs.aws.amazon.com/firehose/latest/dev/limits.html
 */
export function directPutQuota(region: string): ThroughputQuota {
  return largeRegions.has(region)
    ? { bytesPerSecond: 5 * mebibyte, recordsPerSecond: 500_000, requestsPerSecond: 2_000 }
    : { bytesPerSecond: mebibyte, recordsPerSecond: 100_000, requestsPerSecond: 1_000 };
}

/** The quota after a raise to so many MiB/s: "the three quota scale proportionally". */
export function raisedQuota(region: string, mebibytesPerSecond: number): ThroughputQuota {
  const { bytesPerSecond, recordsPerSecond, requestsPerSecond } = directPutQuota(region);
  const factor = (mebibytesPerSecond * mebibyte) / bytesPerSecond;
  return {
    bytesPerSecond: bytesPerSecond * factor,
    recordsPerSecond: recordsPerSecond * factor,
    requestsPerSecond: requestsPerSecond * factor,
  };
}

const mebibyte = 1_048_576;

/** US East (N. Virginia), US West (Oregon) and Europe (Ireland). */
const largeRegions: ReadonlySet<string> = new Set(['us-east-1', 'us-west-2', 'eu-west-1']);
