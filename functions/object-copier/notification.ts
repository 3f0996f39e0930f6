import * as z from 'zod/mini';
import type { Poison } from './ports.ts';

/** One object that S3 says was created. */
export interface CreatedObject {
  readonly bucket: string;
  /** The key in plain text, as GetObject takes it. */
  readonly key: string;
  /** Milliseconds since the epoch; absent where the message names no time. */
  readonly createdAt?: number;
}

const testEvent = z.object({ Event: z.literal('s3:TestEvent') });
const notification = z.object({
  Records: z
    .array(
      z.object({
        eventName: z.string().check(z.startsWith('ObjectCreated:')),
        eventTime: z.optional(z.string()),
        s3: z.object({ bucket: z.object({ name: z.string() }), object: z.object({ key: z.string() }) }),
      }),
    )
    .check(z.minLength(1)),
});

/**
 * Reads one queue message. The `s3:TestEvent` that S3 sends when the notification is set up names no object.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
 */
export function readNotification(body: string): readonly CreatedObject[] | Poison {
  let message: unknown;
  try {
    message = JSON.parse(body);
  } catch {
    return unparsable('is not JSON');
  }
  if (testEvent.safeParse(message).success) return [];
  const parsed = notification.safeParse(message);
  if (!parsed.success)
    return unparsable(`is no notification of a created object: ${z.prettifyError(parsed.error)}`);
  try {
    return parsed.data.Records.map((record) => ({
      bucket: record.s3.bucket.name,
      key: decodeKey(record.s3.object.key),
      createdAt: record.eventTime === undefined ? undefined : Date.parse(record.eventTime),
    }));
  } catch {
    return unparsable('has a key that is not URL-encoded');
  }
}

/** The message by which S3 tells a queue of an object, as far as {@link readNotification} reads one. */
export function writeNotification({ bucket, key, createdAt }: CreatedObject): string {
  const record = {
    eventSource: 'aws:s3',
    eventName: 'ObjectCreated:Put',
    ...(createdAt === undefined ? {} : { eventTime: new Date(createdAt).toISOString() }),
    s3: { bucket: { name: bucket }, object: { key: encodeURIComponent(key) } },
  };
  return JSON.stringify({ Records: [record] });
}

/** S3 encodes the keys in notifications as HTML forms do: a space is `+`. */
function decodeKey(encoded: string): string {
  return decodeURIComponent(encoded.replaceAll('+', ' '));
}

function unparsable(problem: string): Poison {
  return { kind: 'poison', reason: 'unparsable-message', message: `The queue message ${problem}.` };
}
