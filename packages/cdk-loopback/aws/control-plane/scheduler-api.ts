/**
 * A stand-in for the API of Amazon EventBridge Scheduler, written here: GetSchedule and UpdateSchedule, over the
 * local Scheduler.
 * @see https://docs.aws.amazon.com/scheduler/latest/APIReference/API_UpdateSchedule.html
 */
import type { AwsAnswer } from '../aws-answer.ts';
import type { AwsCall, ServiceStandIn } from '../aws-call.ts';
import { errorAnswer, jsonAnswer } from '../aws-error.ts';
import type { ScheduleDates, Scheduler } from '../scheduler.ts';
import type { NamedCall, SignedRequest } from '../signed-request.ts';
import { readJsonObject, readPath } from './rest-path.ts';

export function createSchedulerApi(scheduler: Scheduler): ServiceStandIn {
  return {
    service: 'scheduler',
    operations: new Set(['GetSchedule', 'UpdateSchedule']),
    recognise: recogniseCall,
    async handle(call): Promise<AwsAnswer> {
      const { Name, GroupName } = call.input;
      const name = `${String(GroupName ?? 'default')}/${String(Name)}`;
      const schedule = scheduler.schedules.find((each) => each.name === name);
      const properties = scheduler.propertiesOf(name);
      const dates = scheduler.datesOf(name);
      if (schedule === undefined || properties === undefined || dates === undefined)
        return notFound(String(Name));
      if (call.operation === 'GetSchedule')
        return jsonAnswer({ ...describe(schedule.arn, properties), ...inSeconds(dates) });
      return update(call, { scheduler, name, arn: schedule.arn });
    },
  };
}

function recogniseCall(request: SignedRequest): NamedCall | undefined {
  const { parts, query } = readPath(request);
  const [collection, name] = parts;
  if (collection !== 'schedules' || name === undefined || parts.length !== 2) return undefined;
  const operation = { GET: 'GetSchedule', PUT: 'UpdateSchedule' }[request.method];
  if (operation === undefined) return undefined;
  const input = { ...readJsonObject(request.body), Name: name };
  const group = query.get('groupName') ?? (input as { GroupName?: unknown }).GroupName ?? 'default';
  return {
    operation,
    action: `scheduler:${operation}`,
    resource: `arn:aws:scheduler:${request.region}:${request.accountId}:schedule/${String(group)}/${name}`,
    input: { ...input, GroupName: group },
  };
}

function describe(arn: string, properties: Readonly<Record<string, unknown>>) {
  return {
    // Scheduler answers with its defaults filled in.
    ScheduleExpressionTimezone: 'UTC',
    State: 'ENABLED',
    ActionAfterCompletion: 'NONE',
    ...properties,
    Arn: arn,
  };
}

function inSeconds({ createdAt, changedAt }: ScheduleDates) {
  return { CreationDate: createdAt / 1_000, LastModificationDate: changedAt / 1_000 };
}

/** An update replaces the whole schedule: what a caller leaves out is gone. */
function update(
  call: AwsCall,
  { scheduler, name, arn }: { readonly scheduler: Scheduler; readonly name: string; readonly arn: string },
): AwsAnswer {
  const { ClientToken: _, ActionAfterCompletion: after = 'NONE', ...properties } = call.input;
  if (after !== 'NONE') return invalid(`ActionAfterCompletion ${String(after)} is not known here`);
  for (const required of ['ScheduleExpression', 'FlexibleTimeWindow', 'Target']) {
    if (properties[required] === undefined) return invalid(`${required} is required`);
  }
  try {
    scheduler.put(name, properties);
  } catch (error) {
    return invalid((error as Error).message);
  }
  return jsonAnswer({ ScheduleArn: arn });
}

function notFound(name: string): AwsAnswer {
  const message = `Schedule ${name} does not exist.`;
  return errorAnswer('scheduler', { status: 404, code: 'ResourceNotFoundException', message });
}

function invalid(message: string): AwsAnswer {
  return errorAnswer('scheduler', { status: 400, code: 'ValidationException', message });
}
