import { z } from 'zod/mini';
import { readExpression } from './scheduler-expression.ts';

export interface Schedule {
  /** `group/name`. */
  readonly name: string;
  readonly arn: string;
  /** Of its schedule group, which is what a role's trust policy may name. */
  readonly groupArn: string;
  readonly enabled: boolean;
  readonly expression: string;
  readonly targetArn: string;
  readonly roleArn: string;
  /** As written in the template: JSON. */
  readonly input: string;
}

/** A schedule with what governs its deliveries. */
export interface ScheduleProperties {
  readonly schedule: Schedule;
  readonly timeZone: string;
  /** Milliseconds since the epoch; 0 and infinity where the template sets no bounds. */
  readonly startAt: number;
  readonly endAt: number;
  readonly maxRetries: number;
  readonly maxAgeMs: number;
  readonly deadLetterArn: string | undefined;
}

/** Reads resolved properties of `AWS::Scheduler::Schedule`. @throws naming what is not known here */
export function readScheduleProperties(
  name: string,
  given: object,
  { accountId, region }: { readonly accountId: string; readonly region: string },
): ScheduleProperties {
  const parsed = z.safeParse(properties, given);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => {
      const keys = issue.code === 'unrecognized_keys' ? issue.keys : [];
      return keys.length > 0 ? `unknown ${keys.join(', ')}` : `${issue.path.join('.')}: ${issue.message}`;
    });
    throw new Error(`schedule ${name}: the local Scheduler refuses ${problems.join('; ')}`);
  }
  const { Target, ...schedule } = parsed.data;
  const timeZone = schedule.ScheduleExpressionTimezone ?? 'UTC';
  readExpression(schedule.ScheduleExpression, timeZone, 0);
  return {
    schedule: {
      name,
      arn: `arn:aws:scheduler:${region}:${accountId}:schedule/${name}`,
      groupArn: `arn:aws:scheduler:${region}:${accountId}:schedule-group/${name.split('/')[0]}`,
      enabled: schedule.State !== 'DISABLED',
      expression: schedule.ScheduleExpression,
      targetArn: Target.Arn,
      roleArn: Target.RoleArn,
      input: Target.Input,
    },
    timeZone,
    startAt: schedule.StartDate === undefined ? 0 : Date.parse(schedule.StartDate),
    endAt: schedule.EndDate === undefined ? Number.POSITIVE_INFINITY : Date.parse(schedule.EndDate),
    maxRetries: Target.RetryPolicy?.MaximumRetryAttempts ?? 185,
    maxAgeMs: (Target.RetryPolicy?.MaximumEventAgeInSeconds ?? 86_400) * 1000,
    deadLetterArn: Target.DeadLetterConfig?.Arn,
  };
}

const properties = z.strictObject({
  Name: z.optional(z.string()),
  GroupName: z.optional(z.string()),
  Description: z.optional(z.string()),
  ScheduleExpression: z.string(),
  ScheduleExpressionTimezone: z.optional(z.string()),
  State: z.optional(z.enum(['ENABLED', 'DISABLED'])),
  StartDate: z.optional(z.string()),
  EndDate: z.optional(z.string()),
  KmsKeyArn: z.optional(z.string()),
  FlexibleTimeWindow: z.strictObject({ Mode: z.literal('OFF') }),
  Target: z.strictObject({
    Arn: z.string().check(z.regex(/^arn:aws[\w-]*:lambda:/)),
    RoleArn: z.string(),
    Input: z.string(),
    RetryPolicy: z.optional(
      z.strictObject({
        MaximumRetryAttempts: z.optional(z.int().check(z.minimum(0), z.maximum(185))),
        MaximumEventAgeInSeconds: z.optional(z.int().check(z.minimum(60), z.maximum(86_400))),
      }),
    ),
    DeadLetterConfig: z.optional(z.strictObject({ Arn: z.string() })),
  }),
});
