/**
 * MiB/s that Firehose accepts by default for one delivery stream of Direct PUT. The smaller where the region is not
 * known before the deploy.
 * @see Amazon Data Firehose developer guide, "Quota"
 */
export function putQuota(region: string | undefined): number {
  return region !== undefined && large.has(region) ? 5 : 1;
}

const large: ReadonlySet<string> = new Set(['us-east-1', 'us-west-2', 'eu-west-1']);
