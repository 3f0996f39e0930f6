import { expect, test } from 'vitest';
import { isEmitted } from '../../../aws/firehose/documented-metrics.ts';

/**
 * As the page has it, table by table: which metrics of a backup exist, and in which mode.
 *
 * @see https://docs.aws.amazon.com/firehose/latest/dev/monitoring-with-cloudwatch-metrics.html "Data delivery CloudWatch
 *   metrics": "Delivery to Amazon S3", "Delivery to Splunk", "Delivery to HTTP endpoints", "Delivery to OpenSearch Service"
 */
test.each<readonly [destination: string, metric: string, failuresOnly: boolean, everything: boolean]>([
  ['ExtendedS3DestinationConfiguration', 'DeliveryToS3.Success', true, true],
  ['ExtendedS3DestinationConfiguration', 'DeliveryToS3.DataFreshness', true, true],
  ['ExtendedS3DestinationConfiguration', 'BackupToS3.Records', false, false],
  ['SplunkDestinationConfiguration', 'DeliveryToSplunk.Success', true, true],
  ['SplunkDestinationConfiguration', 'DeliveryToSplunk.DataFreshness', true, true],
  ['SplunkDestinationConfiguration', 'BackupToS3.Records', false, true],
  ['SplunkDestinationConfiguration', 'BackupToS3.Success', false, true],
  ['HttpEndpointDestinationConfiguration', 'DeliveryToHttpEndpoint.Success', true, true],
  ['HttpEndpointDestinationConfiguration', 'DeliveryToHttpEndpoint.DataFreshness', true, true],
  ['HttpEndpointDestinationConfiguration', 'BackupToS3.Records', false, false],
  ['HttpEndpointDestinationConfiguration', 'DeliveryToS3.Success', false, false],
  [
    'AmazonopensearchserviceDestinationConfiguration',
    'DeliveryToAmazonOpenSearchService.Success',
    true,
    true,
  ],
  ['AmazonopensearchserviceDestinationConfiguration', 'DeliveryToS3.Records', false, true],
  ['AmazonopensearchserviceDestinationConfiguration', 'DeliveryToS3.Success', true, true],
  ['AmazonopensearchserviceDestinationConfiguration', 'BackupToS3.Records', false, false],
  [
    'AmazonOpenSearchServerlessDestinationConfiguration',
    'DeliveryToAmazonOpenSearchServerless.Success',
    true,
    true,
  ],
  ['AmazonOpenSearchServerlessDestinationConfiguration', 'BackupToS3.Records', false, false],
])(
  '%s emits %s: %s with a backup of failures, %s with one of everything',
  (kind, metric, failuresOnly, all) => {
    expect(isEmitted(metric, { kind, everything: false })).toBe(failuresOnly);
    expect(isEmitted(metric, { kind, everything: true })).toBe(all);
  },
);
