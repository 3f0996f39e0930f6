/**
 * A stand-in for Amazon S3 event notifications to SQS, written here.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
 */
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { z } from 'zod/mini';
import type { VirtualClock } from '../clock/virtual-clock.ts';
import type { Credentials } from './identities.ts';
import type { CreatedObject, S3StandIn } from './s3.ts';

export interface S3Notifications {
  /**
   * Puts a bucket's `NotificationConfiguration` in force, and sends each queue a test event.
   * @throws when it is not known here, or S3 may not send to a queue
   */
  configure(bucket: string, configuration: unknown): Promise<void>;
  close(): void;
}

export interface S3NotificationsOptions {
  readonly s3: Pick<S3StandIn, 'onCreated'>;
  readonly clock: Pick<VirtualClock, 'now' | 'at'>;
  readonly accountId: string;
  readonly region: string;
  readonly gatewayUrl: string;
  /** Of S3 itself, on behalf of a bucket. */
  readonly credentialsFor: (bucketArn: string) => Credentials;
}

export function createS3Notifications(options: S3NotificationsOptions): S3Notifications {
  const { clock, accountId, region } = options;
  const buckets = new Map<string, { readonly client: SQSClient; readonly rules: readonly Rule[] }>();
  let sequence = 0;

  const send = async (client: SQSClient, queueArn: string, message: object): Promise<void> => {
    const name = queueArn.slice(queueArn.lastIndexOf(':') + 1);
    const QueueUrl = `${options.gatewayUrl}/${accountId}/${name}`;
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(message) }));
  };
  options.s3.onCreated((object) => {
    const bucket = buckets.get(object.bucket);
    const rule = bucket?.rules.find(({ matches }) => matches(object.key));
    if (bucket === undefined || rule === undefined) return;
    sequence += 1;
    const message = createdMessage(object, { region, now: clock.now(), sequence });
    // Later than the answer to the PUT, and a failure ends the run: a notification that is lost would be a loss.
    clock.at(clock.now(), () => send(bucket.client, rule.queueArn, message));
  });

  return {
    async configure(bucket, configuration) {
      const rules = readRules(bucket, configuration);
      buckets.get(bucket)?.client.destroy();
      const credentials = options.credentialsFor(`arn:aws:s3:::${bucket}`);
      const client = new SQSClient({ endpoint: options.gatewayUrl, region, credentials });
      buckets.set(bucket, { client, rules });
      for (const queueArn of new Set(rules.map((rule) => rule.queueArn))) {
        const time = new Date(clock.now()).toISOString();
        const test = { Service: 'Amazon S3', Event: 's3:TestEvent', Time: time, Bucket: bucket };
        await send(client, queueArn, test).catch((error: Error) => {
          throw new Error(`Unable to validate the destination ${queueArn} of ${bucket}: ${error.message}`);
        });
      }
    },
    close() {
      for (const { client } of buckets.values()) client.destroy();
      buckets.clear();
    },
  };
}

interface Rule {
  readonly queueArn: string;
  readonly prefix: string;
  readonly suffix: string;
  matches(key: string): boolean;
}

/** Queues alone, and objects that are created: what else S3 can tell of is not known here. */
const schema = z.strictObject({
  QueueConfigurations: z.optional(
    z.array(
      z.strictObject({
        Event: z.enum(['s3:ObjectCreated:*', 's3:ObjectCreated:Put']),
        Queue: z.string(),
        Filter: z.optional(
          z.strictObject({
            S3Key: z.strictObject({
              Rules: z.array(z.strictObject({ Name: z.enum(['prefix', 'suffix']), Value: z.string() })),
            }),
          }),
        ),
      }),
    ),
  ),
});

function readRules(bucket: string, configuration: unknown): readonly Rule[] {
  const parsed = schema.safeParse(configuration ?? {});
  if (!parsed.success)
    throw new Error(`${bucket}.NotificationConfiguration: ${z.prettifyError(parsed.error)}`);
  const rules = (parsed.data.QueueConfigurations ?? []).map(({ Queue: queueArn, Filter }) => {
    const part = (name: string) => Filter?.S3Key.Rules.find(({ Name }) => Name === name)?.Value ?? '';
    const [prefix, suffix] = [part('prefix'), part('suffix')];
    return {
      queueArn,
      prefix,
      suffix,
      matches: (key: string) => key.startsWith(prefix) && key.endsWith(suffix),
    };
  });
  rules.forEach((one, index) => {
    if (rules.slice(0, index).some((other) => overlap(one, other)))
      throw new Error(`${bucket}: configurations on the same bucket cannot overlap: ${one.prefix}`);
  });
  return rules;
}

/** S3 refuses two rules that one object could match. */
function overlap(one: Rule, other: Rule): boolean {
  const prefixes = one.prefix.startsWith(other.prefix) || other.prefix.startsWith(one.prefix);
  return prefixes && (one.suffix.endsWith(other.suffix) || other.suffix.endsWith(one.suffix));
}

function createdMessage(
  object: CreatedObject,
  { region, now, sequence }: { readonly region: string; readonly now: number; readonly sequence: number },
): object {
  const { bucket, key, size, etag } = object;
  return {
    Records: [
      {
        eventVersion: '2.1',
        eventSource: 'aws:s3',
        awsRegion: region,
        eventTime: new Date(now).toISOString(),
        eventName: 'ObjectCreated:Put',
        s3: {
          s3SchemaVersion: '1.0',
          bucket: { name: bucket, arn: `arn:aws:s3:::${bucket}` },
          object: {
            key: encodeKey(key),
            size,
            eTag: etag.replaceAll('"', ''),
            sequencer: sequence.toString(16).padStart(16, '0').toUpperCase(),
          },
        },
      },
    ],
  };
}

/** As a form does it, but for slashes. */
function encodeKey(key: string): string {
  const encoded = encodeURIComponent(key).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16)}`);
  return encoded.replaceAll('%2F', '/').replaceAll('%20', '+');
}
