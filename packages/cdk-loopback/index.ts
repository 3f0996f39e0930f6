export type { Hosts } from './assembly/origins.ts';
export { readAssembly, type StackAssembly } from './assembly/read-assembly.ts';
export type { Template, TemplateResource } from './assembly/template.ts';
export type { AwsCall } from './aws/aws-call.ts';
export type { AwsError } from './aws/aws-error.ts';
export { dependencyOrder } from './aws/cloudformation/dependency-order.ts';
export { deleteStack, deployStack } from './aws/cloudformation/deploy.ts';
export { createDeployment, type DeployedResource, type Deployment } from './aws/cloudformation/deployment.ts';
export { variableValues } from './aws/cloudformation/variable-values.ts';
export type { CloudWatchStandIn } from './aws/control-plane/cloudwatch.ts';
export { getMetricData } from './aws/control-plane/get-metric-data.ts';
export type { SnsStandIn } from './aws/control-plane/sns.ts';
export { createSts } from './aws/control-plane/sts.ts';
export type { DynamoDbStandIn } from './aws/dynamodb.ts';
export { startLoopbackFauxqs } from './aws/fauxqs.ts';
export type { FirehoseFaults, RecordRefusal } from './aws/firehose/faults.ts';
export type { FirehoseStandIn } from './aws/firehose/firehose.ts';
export { createMetricLog } from './aws/firehose/metric-log.ts';
export type { GatewayOptions, Refusal } from './aws/gateway.ts';
export type { Credentials, Identities } from './aws/identities.ts';
export type { Interference } from './aws/interference.ts';
export type { EventSources } from './aws/lambda/event-sources.ts';
export type { FunctionDefinition, Invocation } from './aws/lambda/function-definition.ts';
export { FunctionRegistry } from './aws/lambda/function-registry.ts';
export type { LambdaHost, LambdaHostOptions } from './aws/lambda/host.ts';
export type { InvocationInterference } from './aws/lambda/invocation-order.ts';
export { startRuntimeApi } from './aws/lambda/runtime-api.ts';
export { sandboxEnvironment } from './aws/lambda/sandbox-environment.ts';
export { type LocalAccountOptions, startLocalAccount } from './aws/local-account.ts';
export {
  accountId,
  type LocalAws,
  type LocalAwsOptions,
  region,
  roleArn,
  startAt,
  startLocalAws,
} from './aws/local-aws.ts';
export type { Scheduler, SchedulerOptions } from './aws/scheduler.ts';
export { readExpression } from './aws/scheduler-expression.ts';
export type { Schedule } from './aws/scheduler-properties.ts';
export type { SecretsManagerStandIn } from './aws/secrets-manager.ts';
export type { QueueAddress, SqsStandIn } from './aws/sqs.ts';
export { holdCall } from './clock/hold-call.ts';
export { createVirtualClock, type VirtualClock } from './clock/virtual-clock.ts';
export type { Grant } from './iam/evaluate.ts';
export type { Iam } from './iam/iam.ts';
export { type LocalStack, type LocalStackOptions, startStack } from './local-stack.ts';
export { readAlarm } from './metrics/alarm-definition.ts';
export type { AlarmChange, AlarmStatus } from './metrics/alarm-desk.ts';
export type { AlarmState } from './metrics/judge.ts';
export { type MetricQuery, prepareQueries, type QuerySet } from './metrics/metric-query.ts';
export { createMetricStore, keyOf, type MetricIdentity, type MetricStore } from './metrics/metric-store.ts';
export { type Followed, type FollowedStack, type MetricWatch, watchMetrics } from './metrics/metric-watch.ts';
export { type Axis, checkPeriod, type Series } from './metrics/series.ts';
export { watchedHooks } from './metrics/watched-hooks.ts';
