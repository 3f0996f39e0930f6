import { Duration } from 'aws-cdk-lib';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as scheduler from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import type { CollectorEvent } from '../../functions/collector/contract.ts';
import { scheduleNameOf } from '../config/names.ts';
import type { Schedule } from '../config/stage.ts';
import type { DeadLetterQueue } from './dead-letter-queue.ts';
import { invokingRole } from './invoking-role.ts';

export interface CollectorSchedulesProps {
  readonly stream: string;
  readonly schedule: Schedule;
  readonly collector: lambda.Function;
  readonly deadLetters: DeadLetterQueue;
  /** Name of the stage's schedule group. */
  readonly group: string;
}

/** A sweep is owed within minutes of a run that did not finish, however seldom the stream is collected. */
const sweepPeriodSeconds = 300;

/** The two schedules of a stream, and what one late tick may do. */
export class CollectorSchedules extends Construct {
  constructor(scope: Construct, id: string, props: CollectorSchedulesProps) {
    super(scope, id);
    const { collector, deadLetters, schedule, stream, group } = props;
    // A tick that is older than the next one has nothing left to do; Lambda's minimum is 60 s.
    const maxAgeSeconds = Math.max(
      60,
      Math.min(schedule.periodSeconds ?? sweepPeriodSeconds, sweepPeriodSeconds),
    );
    collector.configureAsyncInvoke({
      retryAttempts: 0,
      maxEventAge: Duration.seconds(maxAgeSeconds),
    });
    const role = invokingRole(this, { function: collector, deadLetters, group });
    const tick = (task: CollectorEvent['task'], expression: string, timeZone: string) =>
      new scheduler.CfnSchedule(this, task === 'collect' ? 'Collect' : 'Sweep', {
        name: scheduleNameOf(stream, task),
        groupName: group,
        description: `${task} of ${stream}`,
        scheduleExpression: expression,
        scheduleExpressionTimezone: timeZone,
        flexibleTimeWindow: { mode: 'OFF' },
        target: {
          // Unqualified, which is $LATEST: what the retries above are set on.
          arn: collector.functionArn,
          roleArn: role.roleArn,
          input: JSON.stringify({ task } satisfies CollectorEvent),
          retryPolicy: { maximumRetryAttempts: 2, maximumEventAgeInSeconds: maxAgeSeconds },
          deadLetterConfig: { arn: deadLetters.queue.queueArn },
        },
      });
    tick('collect', schedule.expression, schedule.timeZone);
    tick('sweep', `rate(${sweepPeriodSeconds / 60} minutes)`, 'UTC');
  }
}
