import { Duration } from 'aws-cdk-lib';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as scheduler from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import type { CollectorEvent } from '../../functions/collector/contract.ts';
import { scheduleNameOf } from '../config/names.ts';
import type { Stream } from '../config/stream-settings.ts';
import { sweepPeriodSeconds, ticksOf } from '../config/ticks.ts';
import type { DeadLetterQueue } from './dead-letter-queue.ts';
import { invokingRole } from './invoking-role.ts';

export interface CollectorSchedulesProps {
  readonly stream: Pick<Stream, 'name' | 'schedule' | 'witnessOf'>;
  readonly collector: lambda.Function;
  readonly deadLetters: DeadLetterQueue;
  /** Name of the stage's schedule group. */
  readonly group: string;
}

/** Seconds between two looks for an hour to compare. A look that finds none is two reads of the table. */
const comparePeriodSeconds = 900;

/** The schedules of a stream, with a third one for a witness, and the limits of a late tick. */
export class CollectorSchedules extends Construct {
  constructor(scope: Construct, id: string, props: CollectorSchedulesProps) {
    super(scope, id);
    const { collector, deadLetters, group } = props;
    const { name, schedule, witnessOf } = props.stream;
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
      new scheduler.CfnSchedule(this, constructIds[task], {
        name: scheduleNameOf(name, task),
        groupName: group,
        description: `${task} of ${name}`,
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
    const ticks = ticksOf(schedule);
    tick('collect', ticks.collect, schedule.timeZone);
    tick('sweep', ticks.sweep, 'UTC');
    if (witnessOf !== undefined) tick('compare', `rate(${comparePeriodSeconds / 60} minutes)`, 'UTC');
  }
}

const constructIds = { collect: 'Collect', sweep: 'Sweep', compare: 'Compare' } as const;
