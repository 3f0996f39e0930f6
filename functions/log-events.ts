import * as z from 'zod/mini';
import type { SignedAnswer, SignedCall } from './post-signed.ts';

/** CloudWatch Logs, as far as its events are read. */
export interface LogsAccess {
  readonly region: () => Promise<string>;
  /** Signs the call, and makes it once. */
  readonly post: (call: SignedCall) => Promise<SignedAnswer>;
  readonly sleep: (ms: number) => Promise<unknown>;
}

/** What is asked of one log group. */
export interface LogsQuestion {
  readonly logGroupName: string;
  /** Milliseconds since the epoch; events of that moment are found. */
  readonly startTime: number;
  /** Events after this moment are left out; absent for none. */
  readonly endTime?: number;
  readonly filterPattern?: string;
}

/** A line of a log stream. */
export type LogEvent = z.infer<typeof logEvent>;

/**
 * Reads the events of a log group, a page at a time, each page in the order of its events' times. A page may be empty and not the
 * last: Logs searches for a while, and answers. A call that is throttled or fails is made again, three times.
 *
 * @returns undefined in place of the first page where there is no such log group
 * @throws {Error} named as the refusal, with AWS's own words
 * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html
 */
export async function* logPages(
  question: LogsQuestion,
  access: LogsAccess,
): AsyncIterable<readonly LogEvent[] | undefined> {
  let nextToken: string | undefined;
  do {
    const text = await filterLogEvents({ ...question, nextToken }, access);
    if (text === undefined) {
      yield undefined;
      return;
    }
    const page = readAnswer(text);
    yield page.events ?? [];
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
}

/** In the form of AWS's own clients, by which its words are shown to an operator. */
export function logsFailure(name: string, message: string): Error {
  return Object.assign(new Error(message), { name, $fault: 'client' });
}

const waitsMs = [1_000, 2_000, 4_000];

/** @returns the answer; undefined where there is no such log group */
async function filterLogEvents(
  input: object,
  { region: regionOf, post, sleep }: LogsAccess,
): Promise<string | undefined> {
  const region = await regionOf();
  const call = {
    service: 'logs',
    region,
    host: `logs.${region}.amazonaws.com`,
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'Logs_20140328.FilterLogEvents',
    },
    body: JSON.stringify(input),
  };
  for (let attempt = 0; ; attempt += 1) {
    const { status, text } = await post(call);
    if (status === 200) return text;
    const [code, message] = refusalIn(text);
    if (code === 'ResourceNotFoundException') return undefined;
    const waitMs =
      status === 0 || status >= 500 || code === 'ThrottlingException' ? waitsMs[attempt] : undefined;
    if (waitMs === undefined)
      throw logsFailure(code, `logs:FilterLogEvents failed: ${message ?? (text || `HTTP ${status}`)}`);
    await sleep(waitMs);
  }
}

const refusal = z.object({
  __type: z.string(),
  message: z.optional(z.string()),
  /** Refusals for want of a permission spell it so. */
  Message: z.optional(z.string()),
});

function refusalIn(text: string): readonly [code: string, message: string | undefined] {
  const read = z.safeParse(refusal, jsonIn(text));
  if (!read.success) return ['LogsUnavailable', undefined];
  const { __type: type, message, Message } = read.data;
  return [type.slice(type.lastIndexOf('#') + 1), message ?? Message];
}

const logEvent = z.object({
  /** Unique within the log group. */
  eventId: z.string(),
  logStreamName: z.string(),
  /** Milliseconds since the epoch. */
  timestamp: z.number(),
  message: z.string(),
});

const answer = z.object({ events: z.optional(z.array(logEvent)), nextToken: z.optional(z.string()) });

function readAnswer(text: string): z.infer<typeof answer> {
  const read = z.safeParse(answer, jsonIn(text));
  if (read.success) return read.data;
  throw logsFailure('UnknownAnswer', 'logs:FilterLogEvents answered with something else than events');
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
