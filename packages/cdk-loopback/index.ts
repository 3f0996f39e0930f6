// A stack on this machine, and the clock that it runs by.

// What the CDK wrote, and what was made of it.
export type { Hosts } from './assembly/origins.ts';
export { readAssembly, type StackAssembly } from './assembly/read-assembly.ts';
export type { Template, TemplateResource } from './assembly/template.ts';
// Hooks into its calls, invocations, ticks and deliveries, for watching and for making them fail.
export type { AwsCall } from './aws/aws-call.ts';
export type { AwsError } from './aws/aws-error.ts';
export { dependencyOrder } from './aws/cloudformation/dependency-order.ts';
export { createDeployment, type DeployedResource, type Deployment } from './aws/cloudformation/deployment.ts';
export { variableValues } from './aws/cloudformation/variable-values.ts';
// Single services without a stack, for tests of a client.
export { getMetricData } from './aws/control-plane/get-metric-data.ts';
export { createSts } from './aws/control-plane/sts.ts';
export { startLoopbackFauxqs } from './aws/fauxqs.ts';
export type { FirehoseFaults, RecordRefusal } from './aws/firehose/faults.ts';
export type { FirehoseStandIn } from './aws/firehose/firehose.ts';
export { createMetricLog } from './aws/firehose/metric-log.ts';
export type { GatewayOptions } from './aws/gateway.ts';
export type { Credentials } from './aws/identities.ts';
export type { Interference } from './aws/interference.ts';
export type { FunctionDefinition, Invocation } from './aws/lambda/function-definition.ts';
export { FunctionRegistry } from './aws/lambda/function-registry.ts';
export type { LambdaHost, LambdaHostOptions } from './aws/lambda/host.ts';
export type { InvocationInterference } from './aws/lambda/invocation-order.ts';
export { startRuntimeApi } from './aws/lambda/runtime-api.ts';
export { sandboxEnvironment } from './aws/lambda/sandbox-environment.ts';
export {
  accountId,
  type LocalAws,
  type LocalAwsOptions,
  region,
  roleArn,
  startAt,
  startLocalAws,
} from './aws/local-aws.ts';
export type { SchedulerOptions } from './aws/scheduler.ts';
export { readExpression } from './aws/scheduler-expression.ts';
export type { Schedule } from './aws/scheduler-properties.ts';
export type { QueueAddress } from './aws/sqs.ts';
export { createVirtualClock, type VirtualClock } from './clock/virtual-clock.ts';
export type { Grant } from './iam/evaluate.ts';
export { type LocalStack, type LocalStackOptions, startStack } from './local-stack.ts';
// Its metrics and alarms.
export { readAlarm } from './metrics/alarm-definition.ts';
export { type AlarmChange, type AlarmStatus, createAlarmEvaluator } from './metrics/alarm-evaluator.ts';
export type { AlarmState } from './metrics/judge.ts';
export { type MetricQuery, prepareQueries, type QuerySet } from './metrics/metric-query.ts';
export { createMetricStore, keyOf, type MetricIdentity, type MetricStore } from './metrics/metric-store.ts';
export { type Followed, type FollowedStack, type MetricWatch, watchMetrics } from './metrics/metric-watch.ts';
export { type Axis, checkPeriod, type Series } from './metrics/series.ts';
export { watchedHooks } from './metrics/watched-hooks.ts';
