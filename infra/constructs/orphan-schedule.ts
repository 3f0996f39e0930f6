import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as scheduler from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import type { OrphanSearch } from '../../functions/stream-lifecycle/contract.ts';
import type { DeadLetterQueue } from './dead-letter-queue.ts';
import { invokingRole } from './invoking-role.ts';

export interface OrphanScheduleProps {
  /** The stream lifecycle's. */
  readonly function: lambda.Function;
  /** Names of every stream of the stage, in an order that does not depend on the settings file's. */
  readonly streams: readonly string[];
  readonly deadLetters: DeadLetterQueue;
  /** Name of the stage's schedule group. */
  readonly group: string;
}

/** Has the table searched once a day for runs of streams that left the settings before all was delivered. */
export class OrphanSchedule extends Construct {
  constructor(scope: Construct, id: string, props: OrphanScheduleProps) {
    super(scope, id);
    const role = invokingRole(this, props);
    const search: OrphanSearch = { task: 'find-orphans', streams: [...props.streams] };
    new scheduler.CfnSchedule(this, 'Search', {
      name: 'find-orphans',
      groupName: props.group,
      description: 'looks for runs of streams that left the settings',
      scheduleExpression: 'rate(1 day)',
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: props.function.functionArn,
        roleArn: role.roleArn,
        input: JSON.stringify(search),
        retryPolicy: { maximumRetryAttempts: 2, maximumEventAgeInSeconds: 3600 },
        deadLetterConfig: { arn: props.deadLetters.queue.queueArn },
      },
    });
  }
}
