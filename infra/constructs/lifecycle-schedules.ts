import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as scheduler from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import type { KeptWatch, OrphanSearch } from '../../functions/stream-lifecycle/contract.ts';
import type { DeadLetterQueue } from './dead-letter-queue.ts';
import { invokingRole } from './invoking-role.ts';

export interface LifecycleSchedulesProps {
  /** The stream lifecycle's. */
  readonly function: lambda.Function;
  /** Names of every stream of the stage, in an order that does not depend on the settings file's. */
  readonly streams: readonly string[];
  readonly deadLetters: DeadLetterQueue;
  /** Name of the stage's schedule group. */
  readonly group: string;
}

/**
 * Has the table searched once a day for runs of streams that left the settings before all was delivered, and once an hour
 * what is kept of removed destinations looked at.
 */
export class LifecycleSchedules extends Construct {
  constructor(scope: Construct, id: string, props: LifecycleSchedulesProps) {
    super(scope, id);
    const role = invokingRole(this, props);
    const search: OrphanSearch = { task: 'find-orphans', streams: [...props.streams] };
    const watch: KeptWatch = { task: 'watch-kept' };
    const schedule = (id: string, { event, every, looksFor }: Task) =>
      new scheduler.CfnSchedule(this, id, {
        name: event.task,
        groupName: props.group,
        description: `looks for ${looksFor}`,
        scheduleExpression: `rate(${every})`,
        flexibleTimeWindow: { mode: 'OFF' },
        target: {
          arn: props.function.functionArn,
          roleArn: role.roleArn,
          input: JSON.stringify(event),
          retryPolicy: { maximumRetryAttempts: 2, maximumEventAgeInSeconds: 3600 },
          deadLetterConfig: { arn: props.deadLetters.queue.queueArn },
        },
      });
    schedule('Search', { event: search, every: '1 day', looksFor: 'runs of streams that left the settings' });
    schedule('Kept', {
      event: watch,
      every: '1 hour',
      looksFor: 'what is kept of destinations that left the settings',
    });
  }
}

interface Task {
  readonly event: OrphanSearch | KeptWatch;
  readonly every: '1 day' | '1 hour';
  readonly looksFor: string;
}
