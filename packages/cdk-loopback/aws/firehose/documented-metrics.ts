/**
 * Which delivery metrics Firehose emits, by what a delivery stream delivers to and by its backup mode. The stand-in
 * emits no other, so that an alarm on a metric that AWS would never tell stays without data here too.
 *
 * @see Firehose developer guide, "Monitor Amazon Data Firehose with CloudWatch metrics", "Data delivery CloudWatch
 *   metrics", the table of each destination; read in November 2026
 * @see https://docs.aws.amazon.com/firehose/latest/dev/monitoring-with-cloudwatch-metrics.html
 */
const documentedMetrics: Readonly<Record<string, readonly DocumentedMetric[]>> = {
  // "Delivery to Amazon S3". BackupToS3 is for source records, beside a transformation, which does not exist here.
  ExtendedS3DestinationConfiguration: of('DeliveryToS3', s3Metrics(), 'always'),
  // "Delivery to Splunk": BackupToS3 where the stream "is configured to back up all documents".
  SplunkDestinationConfiguration: [
    ...of('DeliveryToSplunk', ['Bytes', 'DataAckLatency', 'DataFreshness', 'Records', 'Success'], 'always'),
    ...of('BackupToS3', s3Metrics(), 'all-backed-up'),
  ],
  // "Delivery to HTTP endpoints" lists no metric of the backup.
  HttpEndpointDestinationConfiguration: of(
    'DeliveryToHttpEndpoint',
    ['Bytes', 'DataFreshness', 'ProcessedBytes', 'ProcessedRecords', 'Records', 'Success'],
    'always',
  ),
  // "Delivery to OpenSearch Service" names the backup DeliveryToS3.
  AmazonopensearchserviceDestinationConfiguration: openSearch('DeliveryToAmazonOpenSearchService'),
  AmazonOpenSearchServerlessDestinationConfiguration: openSearch('DeliveryToAmazonOpenSearchServerless'),
};

interface DocumentedMetric {
  readonly name: string;
  /** `all-backed-up`: only where the backup mode keeps a copy of every record. */
  readonly when: 'always' | 'all-backed-up';
}

/** @param everything true where the backup mode keeps a copy of every record */
export function isEmitted(
  metric: string,
  { kind, everything }: { readonly kind: string; readonly everything: boolean },
): boolean {
  return (documentedMetrics[kind] ?? []).some(
    ({ name, when }) => name === metric && (when === 'always' || everything),
  );
}

function openSearch(prefix: string): readonly DocumentedMetric[] {
  return [
    ...of(
      prefix,
      ['AuthFailure', 'Bytes', 'DataFreshness', 'DeliveryRejected', 'Records', 'Success'],
      'always',
    ),
    ...of('DeliveryToS3', ['Bytes', 'DataFreshness', 'Records'], 'all-backed-up'),
    // "regardless of whether backup is enabled for failed documents only or for all documents"
    ...of('DeliveryToS3', ['Success'], 'always'),
  ];
}

function s3Metrics(): readonly string[] {
  return ['Bytes', 'DataFreshness', 'Records', 'Success'];
}

function of(
  prefix: string,
  names: readonly string[],
  when: DocumentedMetric['when'],
): readonly DocumentedMetric[] {
  return names.map((name) => ({ name: `${prefix}.${name}`, when }));
}
