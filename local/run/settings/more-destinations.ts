/** A destination as a settings file has it. The schema of the settings judges it when the run's template is made. */
export interface DestinationEntry {
  readonly kind: string;
  readonly [setting: string]: unknown;
}

/** How many destinations each stream of a run has beside those that are written, and which. */
export interface MoreDestinations {
  /** 0..3 */
  readonly count: number;
  /** Which of `turns` different choices. */
  readonly turn: number;
}

export const noMore: MoreDestinations = { count: 0, turn: 0 };

/** Streams one after the other take three kinds each: with four streams and a count of 3, every kind takes part. */
export const turns = 4;
const kindsPerStream = 3;

/**
 * The destinations that a stream has more, named apart from any that is written. The local run has one stand-in for an
 * address, so a stream that has one of Google's buckets gets no other.
 *
 * @param stream.place within its stage
 * @param stream.kinds of the destinations that it has
 */
export function moreDestinations(
  stream: { readonly name: string; readonly place: number; readonly kinds: readonly string[] },
  stage: { readonly account?: string; readonly region?: string },
  { count, turn }: MoreDestinations,
): readonly DestinationEntry[] {
  const { account = '111122223333', region = 'us-east-1' } = stage;
  const secret = (name: string) => `arn:aws:secretsmanager:${region}:${account}:secret:more/${name}-AbCdEf`;
  const { name } = stream;
  const googles: DestinationEntry = { kind: 'gcs', bucket: `more-events-${name}`, provider };
  const kinds: readonly DestinationEntry[] = [
    { kind: 's3' },
    {
      kind: 'splunk',
      endpoint: `https://more-splunk-${name}.example.com:8088`,
      secret: secret(`splunk-${name}`),
      index: 'more',
    },
    { kind: 'datadog', site: 'us3', secret: secret('datadog') },
    googles,
    { kind: 'newRelic', site: 'eu', secret: secret('new-relic') },
    {
      kind: 'elastic',
      endpoint: `https://more-${name}.es.eu-west-1.aws.elastic-cloud.com`,
      secret: secret(`elastic-${name}`),
    },
    {
      kind: 'sentinel',
      endpoint: `https://more-${name}.westeurope-1.ingest.monitor.azure.com`,
      rule: `dcr-${'0'.repeat(32)}`,
      table: 'Custom-MosaicEvents_CL',
      secret: secret(`sentinel-${name}`),
    },
    { kind: 's3', compressRecords: false },
    {
      kind: 'dynatrace',
      environment: `https://more-${name}.live.dynatrace.com`,
      secret: secret(`dynatrace-${name}`),
    },
    { kind: 'openSearch', domain: `arn:aws:es:${region}:${account}:domain/more-${name}`, index: 'mosaic' },
    {
      kind: 'sumoLogic',
      endpoint: `https://more-${name}.collection.eu.sumologic.com/receiver/v1/kinesis/log`,
      secret: secret(`sumo-${name}`),
    },
    {
      kind: 'http',
      url: `https://more-${name}.example.com/firehose`,
      secret: secret(`http-${name}`),
      packing: 'single',
    },
  ];
  const first = ((stream.place + turn) % turns) * kindsPerStream;
  return kinds
    .slice(first, first + Math.min(count, kindsPerStream))
    .filter((one) => one !== googles || !stream.kinds.includes(one.kind))
    .map((one) => ({ ...one, name: `more-${one.kind}` }));
}

const provider =
  '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/mosaic-relay/providers/aws-relay';
