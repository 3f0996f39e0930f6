import { Duration, RemovalPolicy, Tags } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { streamTag } from '../config/tag-names.ts';
import type { DeadLetterQueue } from './dead-letter-queue.ts';

export interface RelayFunctionProps {
  readonly name: string;
  readonly description: string;
  readonly code: lambda.Code;
  readonly environment: Readonly<Record<string, string>>;
  readonly statements: readonly iam.PolicyStatement[];
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
  readonly logDays: number;
  /** The stream whose folders in the bucket the function may reach; none if absent. */
  readonly stream?: string;
  readonly reservedConcurrency?: number;
  /** Set where a receiver must know the role, or how its name begins, before the deploy. */
  readonly roleName?: string;
  /** The queue of asynchronous invocations that were given up; `statements` must allow the role to send there. */
  readonly deadLetters?: DeadLetterQueue;
}

/** A function of ours: Node 24 on arm64, with a role of exactly its statements and a log group that ends. */
export class RelayFunction extends Construct {
  readonly function: lambda.Function;
  readonly role: iam.Role;
  readonly logGroup: logs.LogGroup;

  constructor(scope: Construct, id: string, props: RelayFunctionProps) {
    super(scope, id);
    this.logGroup = new logs.LogGroup(this, 'Logs', {
      logGroupName: `/aws/lambda/${props.name}`,
      retention: props.logDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.role = new iam.Role(this, 'Role', {
      roleName: props.roleName,
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
      inlinePolicies: {
        own: new iam.PolicyDocument({ statements: [writeLogs(this.logGroup), ...props.statements] }),
      },
    });
    if (props.stream !== undefined) Tags.of(this.role).add(streamTag, props.stream);
    this.function = new lambda.Function(this, 'Function', {
      functionName: props.name,
      description: props.description,
      runtime: lambda.Runtime.NODEJS_24_X,
      architecture: lambda.Architecture.ARM_64,
      handler: 'index.handler',
      code: props.code,
      environment: { ...props.environment, NODE_OPTIONS: '--enable-source-maps' },
      memorySize: props.memoryMb,
      timeout: Duration.seconds(props.timeoutSeconds),
      reservedConcurrentExecutions: props.reservedConcurrency,
      deadLetterQueue: props.deadLetters?.queue,
      // The role is written out above; CDK is to add nothing to it.
      role: this.role.withoutPolicyUpdates(),
      logGroup: this.logGroup,
    });
  }
}

/** The group is ours and exists before the function, so no role needs to create one. */
function writeLogs(logGroup: logs.LogGroup): iam.PolicyStatement {
  return new iam.PolicyStatement({
    actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    resources: [logGroup.logGroupArn],
  });
}
