/**
 * A stand-in for Amazon CloudWatch Logs, written here: DeleteLogGroup, of groups that have left their stack, and
 * FilterLogEvents, of what Firehose logged about its deliveries and of the last lines of each function.
 * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_Operations.html
 */
import { z } from 'zod/mini';
import type { AwsAnswer } from '../aws-answer.ts';
import type { ServiceStandIn } from '../aws-call.ts';
import { errorAnswer, jsonAnswer } from '../aws-error.ts';
import type { FirehoseLogEntry } from '../firehose/firehose.ts';
import { type LeftResources, ResourceOfStack } from './left-resources.ts';
import { type LogStore, newEventId, type StoredLogEvent } from './log-store.ts';

export interface LogsOptions {
  readonly accountId: string;
  readonly region: string;
  readonly left: LeftResources;
  /** What Firehose has logged, oldest first. */
  readonly entries: () => readonly FirehoseLogEntry[];
  /** What functions have written. */
  readonly lines: Pick<LogStore, 'eventsOf'>;
}

export function createLogs({ accountId, region, left, entries, lines }: LogsOptions): ServiceStandIn {
  return {
    service: 'logs',
    operations: new Set(['DeleteLogGroup', 'FilterLogEvents']),
    handle: ({ operation, input }) =>
      operation === 'DeleteLogGroup'
        ? deleteLogGroup(input, left)
        : filterLogEvents(input, { left, entries, lines }),
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

/**
 * The members of FilterLogEvents that are known here, within the limits of its reference.
 * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html
 */
const filterInput = z.strictObject({
  logGroupName: z.string().check(z.regex(/^[.\-_/#A-Za-z0-9]{1,512}$/)),
  /** Milliseconds since the epoch; events of that moment are found. */
  startTime: z.int().check(z.minimum(0)),
  /** Events after that moment are not. */
  endTime: z.optional(z.int().check(z.minimum(0))),
  filterPattern: z.optional(z.string().check(z.maxLength(1_024))),
  limit: z.optional(z.int().check(z.minimum(1), z.maximum(10_000))),
  nextToken: z.optional(z.string().check(z.minLength(1))),
});

/** The one sort of pattern that is known here: a member of a JSON event that begins with a text. */
const memberBegins = /^\{ \$\.(\w+) = "([^"*]+)\*" \}$/;

/** A page holds 1 MB, or 10,000 events; smaller ones here, so that a caller that asks for one page alone is found out. */
const pageSize = 100;

async function filterLogEvents(
  input: Input,
  { left, entries, lines }: Pick<LogsOptions, 'left' | 'entries' | 'lines'>,
): Promise<AwsAnswer> {
  const read = z.safeParse(filterInput, input);
  if (!read.success) {
    const problems = read.error.issues.map(({ path, code }) => `${path.join('.')} ${code}`);
    return refused('InvalidParameterException', `Not known here: ${problems.join('; ')}`);
  }
  const { nextToken, limit = pageSize, ...question } = read.data;
  const { logGroupName: name, startTime, endTime = Number.POSITIVE_INFINITY, filterPattern } = question;
  if (endTime < startTime)
    return refused('InvalidParameterException', 'endTime must not be before startTime.');
  const [, member = '', beginning = ''] = memberBegins.exec(filterPattern ?? '') ?? [];
  if (filterPattern !== undefined && beginning === '')
    return refused('InvalidParameterException', `Invalid filter pattern here: ${filterPattern}`);
  const from = nextToken === undefined ? undefined : readToken(nextToken, question);
  if (nextToken !== undefined && from === undefined)
    return refused('InvalidParameterException', 'The specified nextToken is invalid.');
  if (!left.find(({ type, physicalId }) => type === 'AWS::Logs::LogGroup' && physicalId === name))
    return noSuchGroup();
  const ofFirehose = entries().flatMap((entry): StoredLogEvent[] =>
    entry.log?.group === name ? [eventOf(entry, entry.log.stream)] : [],
  );
  const matching = [...lines.eventsOf(name), ...ofFirehose]
    .filter(({ timestamp }) => timestamp >= startTime && timestamp <= endTime)
    .filter(({ message }) => beginning === '' || String(memberOf(message, member)).startsWith(beginning))
    .toSorted((one, other) => one.timestamp - other.timestamp)
    .slice(from ?? 0);
  const page = matching.slice(0, Math.min(limit, pageSize));
  const hasMore = matching.length > page.length;
  return jsonAnswer({
    events: page.map((event) => ({ ...event, ingestionTime: event.timestamp })),
    searchedLogStreams: [],
    ...(hasMore ? { nextToken: writeToken((from ?? 0) + page.length, question) } : {}),
  });
}

/** A token goes on with its own question alone. */
function writeToken(from: number, question: object): string {
  return Buffer.from(JSON.stringify([from, question])).toString('base64url');
}

function readToken(token: string, question: object): number | undefined {
  try {
    const [from, asked] = JSON.parse(Buffer.from(token, 'base64url').toString()) as [number, object];
    return JSON.stringify(asked) === JSON.stringify(question) ? from : undefined;
  } catch {
    return undefined;
  }
}

/** @see https://docs.aws.amazon.com/firehose/latest/dev/monitoring-with-cloudwatch-logs.html */
function eventOf(entry: FirehoseLogEntry, logStreamName: string): StoredLogEvent {
  const { arn, version, code, message, time } = entry;
  const logged = { deliveryStreamARN: arn, deliveryStreamVersionId: version, message, errorCode: code };
  return { eventId: idOf(entry), logStreamName, timestamp: time, message: JSON.stringify(logged) };
}

/** An entry keeps its id, also when older ones have been let go of. */
const idsOfEntries = new WeakMap<FirehoseLogEntry, string>();

function idOf(entry: FirehoseLogEntry): string {
  const id = idsOfEntries.get(entry) ?? newEventId();
  idsOfEntries.set(entry, id);
  return id;
}

function memberOf(message: string, name: string): unknown {
  try {
    return (JSON.parse(message) as Readonly<Record<string, unknown>>)[name];
  } catch {
    return undefined;
  }
}

function noSuchGroup(): AwsAnswer {
  return refused('ResourceNotFoundException', 'The specified log group does not exist.');
}

function refused(code: string, message: string): AwsAnswer {
  return errorAnswer('logs', { status: 400, code, message });
}
