/**
 * List prices in US dollars, us-east-1, before free tiers and discounts. A change of price is a change of this table
 * and of nothing else. Firehose's page fills its table by script and could not be read: that figure is from general
 * knowledge.
 */
export const prices = {
  asOf: '2026-11',
  region: 'us-east-1',

  /** Direct PUT, first 500 TB of a month, by records rounded up to 5 KB. https://aws.amazon.com/firehose/pricing/ */
  firehosePerGb: 0.029,

  /** arm64. https://aws.amazon.com/lambda/pricing/ */
  lambdaPerGbSecond: 0.0000133334,
  lambdaPerRequest: 0.2e-6,

  /** On demand, per unit of 1 KB written or 4 KB read. https://aws.amazon.com/dynamodb/pricing/on-demand/ */
  dynamoDbPerWrite: 0.625e-6,
  dynamoDbPerRead: 0.125e-6,

  /** https://aws.amazon.com/eventbridge/pricing/ (Scheduler) */
  schedulerPerInvocation: 1e-6,

  /** Standard class, ingestion. https://aws.amazon.com/cloudwatch/pricing/ */
  logsPerGb: 0.5,
  /** A custom metric, that is each name with each set of dimensions, by the hours in which it is sent. */
  metricPerMonth: 0.3,
  /** For each metric that an alarm analyses. */
  alarmPerMonth: 0.1,
  /** The same for an alarm whose period is below a minute. */
  highResolutionAlarmPerMonth: 0.3,
  compositeAlarmPerMonth: 0.5,
  dashboardPerMonth: 3,

  /** Standard queues. https://aws.amazon.com/sqs/pricing/ */
  sqsPerRequest: 0.4e-6,

  /** S3 Standard. https://aws.amazon.com/s3/pricing/ */
  s3PerPut: 5e-6,
  s3PerGet: 0.4e-6,
  s3PerList: 5e-6,
  s3PerGbMonth: 0.023,

  /** A customer's own key. https://aws.amazon.com/kms/pricing/ */
  kmsKeyPerMonth: 1,

  /** To the Internet, first 10 TB. https://aws.amazon.com/ec2/pricing/on-demand/ (Data Transfer) */
  egressPerGb: 0.09,
} as const;

/** What AWS bills by. */
export const gigabyte = 1024 ** 3;

/** A month of 730 hours, as AWS's own calculator has it. */
export const secondsPerMonth = 730 * 3_600;
