import type { Account, Created, ResourceFamily, ResourceRequest } from '../resource-family.ts';

/**
 * Types of which a local run only needs to know that they are there, and what they refer to: policies are
 * evaluated from their record, and nothing here keeps logs, alarms or keys.
 */
export const recorded: Readonly<Record<string, ResourceFamily>> = {
  'AWS::IAM::Role': named('RoleName', ({ accountId }, name) => `arn:aws:iam::${accountId}:role/${name}`),
  'AWS::IAM::Policy': named('PolicyName'),
  'AWS::KMS::Key': record((request, { accountId, region }) => {
    const keyId = uuidOf(request.generatedName);
    const arn = `arn:aws:kms:${region}:${accountId}:key/${keyId}`;
    return { physicalId: keyId, arn, attributes: { Arn: arn, KeyId: keyId } };
  }),
  'AWS::Logs::LogGroup': named(
    'LogGroupName',
    ({ accountId, region }, name) => `arn:aws:logs:${region}:${accountId}:log-group:${name}:*`,
  ),
  'AWS::Logs::LogStream': named('LogStreamName'),
  'AWS::S3::BucketPolicy': named('Bucket'),
  'AWS::SQS::QueuePolicy': named('QueuePolicyId'),
  'AWS::SNS::Topic': record((request, { accountId, region }) => {
    const name = nameOf(request, 'TopicName');
    const arn = `arn:aws:sns:${region}:${accountId}:${name}`;
    return { physicalId: arn, arn, attributes: { TopicArn: arn, TopicName: name } };
  }),
  'AWS::SNS::TopicPolicy': named('TopicPolicyId'),
  'AWS::SNS::Subscription': named('SubscriptionId'),
  'AWS::CloudWatch::Dashboard': named('DashboardName'),
  'AWS::CloudWatch::Alarm': named(
    'AlarmName',
    ({ accountId, region }, name) => `arn:aws:cloudwatch:${region}:${accountId}:alarm:${name}`,
  ),
  'AWS::CloudWatch::CompositeAlarm': named(
    'AlarmName',
    ({ accountId, region }, name) => `arn:aws:cloudwatch:${region}:${accountId}:alarm:${name}`,
  ),
  'AWS::Scheduler::ScheduleGroup': named(
    'Name',
    ({ accountId, region }, name) => `arn:aws:scheduler:${region}:${accountId}:schedule-group/${name}`,
  ),
  'AWS::CDK::Metadata': named('MetadataId'),
};

/** A type whose `Ref` is its name, and whose `Arn` follows from it; a new name means a new resource. */
function named(nameProperty: string, arnOf?: (account: Account, name: string) => string): ResourceFamily {
  const make = (request: ResourceRequest, account: Account): Created => {
    const name = nameOf(request, nameProperty);
    const arn = arnOf?.(account, name);
    return { physicalId: name, arn, attributes: arn === undefined ? {} : { Arn: arn } };
  };
  return { ...record(make), replacedBy: [nameProperty] };
}

function record(create: ResourceFamily['create']): ResourceFamily {
  return { create };
}

function nameOf({ properties, generatedName }: ResourceRequest, nameProperty: string): string {
  return typeof properties[nameProperty] === 'string' ? properties[nameProperty] : generatedName;
}

/** Key ids are UUIDs; this one follows from the name, so that runs agree. */
function uuidOf(generatedName: string): string {
  const hex = generatedName.slice(-12);
  return `${hex.slice(0, 8)}-0000-4000-8000-${hex}`;
}
