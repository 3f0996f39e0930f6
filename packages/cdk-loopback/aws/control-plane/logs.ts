/**
 * A stand-in for Amazon CloudWatch Logs, written here: DeleteLogGroup, of groups that have left their stack, and
 * FilterLogEvents, of what Firehose logged about its deliveries. No other events are kept.
 * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_Operations.html
 */
import { z } from 'zod/mini';
import type { AwsAnswer } from '../aws-answer.ts';
import type { ServiceStandIn } from '../aws-call.ts';
import { errorAnswer, jsonAnswer } from '../aws-error.ts';
import type { FirehoseLogEntry } from '../firehose/firehose.ts';
import { type LeftResources, ResourceOfStack } from './left-resources.ts';

export interface LogsOptions {
  readonly accountId: string;
  readonly region: string;
  readonly left: LeftResources;
  /** What Firehose has logged, oldest first. */
  readonly entries: () => readonly FirehoseLogEntry[];
}

export function createLogs({ accountId, region, left, entries }: LogsOptions): ServiceStandIn {
  return {
    service: 'logs',
    operations: new Set(['DeleteLogGroup', 'FilterLogEvents']),
    handle: ({ operation, input }) =>
      operation === 'DeleteLogGroup'
        ? deleteLogGroup(input, left)
        : filterLogEvents(input, { left, entries }),
    // AWS asks for the permission on the group's streams: a policy that ends with the group's name allows nothing.
    resourceOf: ({ input }) =>
      `arn:aws:logs:${region}:${accountId}:log-group:${String(input.logGroupName)}:log-stream:`,
  };
}

type Input = Readonly<Record<string, unknown>>;

async function deleteLogGroup(input: Input, left: LeftResources): Promise<AwsAnswer> {
  const { logGroupName: name, ...others } = input;
  if (typeof name !== 'string' || Object.keys(others).length > 0)
    return refused('InvalidParameterException', 'logGroupName alone is known here.');
  try {
    const deleted = await left.delete(
      ({ type, physicalId, properties }) =>
        (type === 'AWS::Logs::LogGroup' && physicalId === name) ||
        (type === 'AWS::Logs::LogStream' && properties.LogGroupName === name),
    );
    return deleted.length > 0 ? jsonAnswer({}) : noSuchGroup();
  } catch (error) {
    if (!(error instanceof ResourceOfStack)) throw error;
    return refused('OperationAbortedException', error.message);
  }
}

const filterInput = z.strictObject({
  logGroupName: z.string(),
  /** Milliseconds since the epoch; events of that moment are found. */
  startTime: z.int().check(z.minimum(0)),
  filterPattern: z.string(),
  nextToken: z.optional(z.string().check(z.regex(/^\d+$/))),
});

/** The one sort of pattern that is known here: a member of a JSON event that begins with a text. */
const memberBegins = /^\{ \$\.(\w+) = "([^"*]+)\*" \}$/;

const pageSize = 100;

async function filterLogEvents(
  input: Input,
  { left, entries }: Pick<LogsOptions, 'left' | 'entries'>,
): Promise<AwsAnswer> {
  const read = z.safeParse(filterInput, input);
  if (!read.success) {
    const problems = read.error.issues.map(({ path, code }) => `${path.join('.')} ${code}`);
    return refused('InvalidParameterException', `Not known here: ${problems.join('; ')}`);
  }
  const { logGroupName: name, startTime, filterPattern, nextToken = '0' } = read.data;
  const [, member = '', beginning = ''] = memberBegins.exec(filterPattern) ?? [];
  if (beginning === '')
    return refused('InvalidParameterException', `Invalid filter pattern here: ${filterPattern}`);
  if (!left.find(({ type, physicalId }) => type === 'AWS::Logs::LogGroup' && physicalId === name))
    return noSuchGroup();
  const matching = entries()
    .filter(({ log, time }) => log?.group === name && time >= startTime)
    .map((entry) => ({ timestamp: entry.time, logStreamName: entry.log?.stream, logged: loggedOf(entry) }))
    .filter(({ logged }) => String(logged[member]).startsWith(beginning));
  const from = Number(nextToken);
  const more = from + pageSize < matching.length;
  return jsonAnswer({
    events: matching
      .slice(from, from + pageSize)
      .map(({ logged, ...event }) => ({ ...event, message: JSON.stringify(logged) })),
    searchedLogStreams: [],
    ...(more ? { nextToken: String(from + pageSize) } : {}),
  });
}

/** @see https://docs.aws.amazon.com/firehose/latest/dev/monitoring-with-cloudwatch-logs.html */
function loggedOf({ arn, version, code, message }: FirehoseLogEntry): Readonly<Record<string, unknown>> {
  return { deliveryStreamARN: arn, deliveryStreamVersionId: version, message, errorCode: code };
}

function noSuchGroup(): AwsAnswer {
  return refused('ResourceNotFoundException', 'The specified log group does not exist.');
}

function refused(code: string, message: string): AwsAnswer {
  return errorAnswer('logs', { status: 400, code, message });
}
