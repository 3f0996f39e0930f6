import type { DeployedResource } from './deployment.ts';

/**
 * The property by which a template names a resource, for types of which an account has one of a name. A delivery stream's
 * and a bucket's names are refused by their own services.
 */
const nameProperties: Readonly<Record<string, string>> = {
  'AWS::CloudWatch::Alarm': 'AlarmName',
  'AWS::CloudWatch::CompositeAlarm': 'AlarmName',
  'AWS::CloudWatch::Dashboard': 'DashboardName',
  'AWS::DynamoDB::Table': 'TableName',
  'AWS::IAM::Role': 'RoleName',
  'AWS::Lambda::Function': 'FunctionName',
  'AWS::Logs::LogGroup': 'LogGroupName',
  'AWS::SNS::Topic': 'TopicName',
  'AWS::SQS::Queue': 'QueueName',
  'AWS::Scheduler::ScheduleGroup': 'Name',
};

/** The name that the template gives a resource, and the key under which an account knows that the name is taken. */
export function givenName({
  type,
  properties,
}: Pick<DeployedResource, 'type' | 'properties'>):
  | { readonly name: string; readonly key: string }
  | undefined {
  const name = properties[nameProperties[type] ?? ''];
  return typeof name === 'string' ? { name, key: `${type} ${name}` } : undefined;
}
