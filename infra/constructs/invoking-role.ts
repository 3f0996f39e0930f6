import { Aws, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { DeadLetterQueue } from './dead-letter-queue.ts';

export interface InvokingRoleProps {
  readonly function: lambda.Function;
  readonly deadLetters: DeadLetterQueue;
  /** Name of the stage's schedule group, which alone may use the role. */
  readonly group: string;
}

/** The role with which Scheduler calls one function, or puts a tick aside that it could not hand over. */
export function invokingRole(scope: Construct, props: InvokingRoleProps): iam.Role {
  const groupArn = Stack.of(scope).formatArn({
    service: 'scheduler',
    resource: 'schedule-group',
    resourceName: props.group,
  });
  return new iam.Role(scope, 'Role', {
    assumedBy: new iam.ServicePrincipal('scheduler.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID, 'aws:SourceArn': groupArn } },
    }),
    inlinePolicies: {
      own: new iam.PolicyDocument({
        statements: [
          new iam.PolicyStatement({
            actions: ['lambda:InvokeFunction'],
            resources: [props.function.functionArn],
          }),
          ...props.deadLetters.send(),
        ],
      }),
    },
  });
}
