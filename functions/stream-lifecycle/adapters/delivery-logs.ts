import * as z from 'zod/mini';
import type { SignedAnswer, SignedCall } from '../../post-signed.ts';
import type { DeliveryLogs } from '../ports.ts';

export interface DeliveryLogsOptions {
  readonly region: () => Promise<string>;
  /** Signs the call, and makes it once. */
  readonly post: (call: SignedCall) => Promise<SignedAnswer>;
  readonly sleep: (ms: number) => Promise<unknown>;
}

/**
 * Asks CloudWatch Logs for the errors that Firehose has logged. The codes of writes to S3 begin with `S3.`, and are those
 * of a backup, too.
 *
 * @see Firehose developer guide, "Monitor Amazon Data Firehose Using CloudWatch Logs"
 */
export function createDeliveryLogs(options: DeliveryLogsOptions): DeliveryLogs {
  return {
    async firstFailure(logGroup, since) {
      let nextToken: string | undefined;
      for (let page = 0; page < mostPages; page += 1) {
        const asked = { logGroupName: logGroup, startTime: since, filterPattern: failedWrites, nextToken };
        const text = await filterLogEvents(asked, options);
        if (text === undefined) return undefined;
        const answer = readAnswer(text);
        const [first] = answer.events ?? [];
        if (first !== undefined) return { at: first.timestamp, code: codeOf(first.message) };
        nextToken = answer.nextToken;
        if (nextToken === undefined) return undefined;
      }
      throw logsFailure('TooManyPages', `${logGroup} is too large to be searched`);
    },
  };
}

/** @see CloudWatch Logs user guide, "Filter pattern syntax" */
const failedWrites = '{ $.errorCode = "S3.*" }';

/** A page may be empty and not the last: Logs searches for a while, and answers. */
const mostPages = 100;

const waitsMs = [1_000, 2_000, 4_000];

/** @returns the answer; undefined where there is no such log group */
async function filterLogEvents(
  input: object,
  { region: regionOf, post, sleep }: DeliveryLogsOptions,
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

const found = z.object({
  events: z.optional(z.array(z.object({ timestamp: z.number(), message: z.string() }))),
  nextToken: z.optional(z.string()),
});

function readAnswer(text: string): z.infer<typeof found> {
  const read = z.safeParse(found, jsonIn(text));
  if (read.success) return read.data;
  throw logsFailure('UnknownAnswer', 'logs:FilterLogEvents answered with something else than events');
}

function codeOf(message: string): string {
  const read = z.safeParse(z.object({ errorCode: z.string() }), jsonIn(message));
  return read.success ? read.data.errorCode : 'S3';
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** In the form of AWS's own clients, by which its words are shown to an operator. */
function logsFailure(name: string, message: string): Error {
  return Object.assign(new Error(message), { name, $fault: 'client' });
}
