import * as z from 'zod/mini';

/**
 * All that `infra/` may know of the object copier: the environment it needs and the metrics it emits. One bundle
 * serves every sink; `SINK` says which.
 *
 * Its trigger is an SQS queue of S3 notifications with partial batch responses. Its role needs `s3:GetObject` on
 * the prefix that is copied (and `s3:ListBucket`, without which S3 calls a missing object forbidden), what an
 * event source needs of the queue, `sqs:SendMessage` on the dead-letter queue, and for `azure-logs`
 * `secretsmanager:GetSecretValue` on the secret.
 */

const wholeNumber = (minimum: number, maximum: number) =>
  z.pipe(z.coerce.number(), z.int().check(z.minimum(minimum), z.maximum(maximum)));

/** Scheme and host without path, query or trailing slash. */
const origin = z.url().check(z.regex(/^https?:\/\/[^/?#]+$/, 'must be scheme and host only'));

const common = {
  STAGE: z.string(),
  STREAM_NAME: z.string(),
  /** The destination's name within the stream, a metric dimension. */
  DESTINATION: z.string(),
  /** The only bucket that notifications may name. */
  BUCKET_NAME: z.string(),
  /**
   * The queue for messages that can never succeed. The copier sends them there at once; the source queue's own
   * redrive leads there too.
   */
  DEAD_LETTER_QUEUE_URL: z.url(),
  /**
   * The copier holds an object in memory whole and dead-letters a larger one.
   */
  OBJECT_CAP_MIB: wholeNumber(1, 128),
};

export const copierEnvironment = z.discriminatedUnion('SINK', [
  z.object({
    ...common,
    SINK: z.literal('gcs'),
    /** `https://storage.googleapis.com`. */
    GCS_URL: origin,
    GCS_BUCKET: z.string().check(z.minLength(3)),
    /** `https://sts.googleapis.com`. */
    GOOGLE_STS_URL: origin,
    /** The workload identity provider, without a scheme. */
    GOOGLE_AUDIENCE: z
      .string()
      .check(
        z.regex(
          /^\/\/iam\.googleapis\.com\/projects\/\d+\/locations\/global\/workloadIdentityPools\/[a-z0-9-]{4,32}\/providers\/[a-z0-9-]{4,32}$/,
        ),
      ),
  }),
  z.object({
    ...common,
    SINK: z.literal('azure-logs'),
    /** `https://login.microsoftonline.com`. */
    ENTRA_URL: origin,
    /** ARN or name of the secret `{"tenant_id","client_id","client_secret"}`. */
    ENTRA_SECRET_ID: z.string(),
    /** The data collection endpoint, or the rule's own ingestion endpoint. */
    AZURE_LOGS_URL: origin,
    /** The host that tokens are for, without a scheme: `monitor.azure.com`, or another one in sovereign clouds. */
    AZURE_LOGS_AUDIENCE: z.string().check(z.regex(/^[a-z0-9.-]+$/)),
    /** The rule's immutable id. */
    AZURE_LOGS_RULE_ID: z.string().check(z.regex(/^dcr-[0-9a-f]{32}$/)),
    AZURE_LOGS_STREAM: z.string().check(z.regex(/^Custom-[A-Za-z0-9_-]+$/)),
  }),
]);
export type CopierEnvironment = z.infer<typeof copierEnvironment>;

/** The secret that `ENTRA_SECRET_ID` names. */
export const entraSecret = z.object({
  tenant_id: z.string().check(z.minLength(1)),
  client_id: z.string().check(z.minLength(1)),
  client_secret: z.string().check(z.minLength(1)),
});
export type EntraSecret = z.infer<typeof entraSecret>;

export const copierDimensions = ['Stage', 'Stream', 'Destination'] as const;

/** Every metric the copier emits, once per invocation, with its unit. The log has the bytes of each copy. */
export const copierMetrics = {
  ObjectsCopied: 'Count',
  /** Copies that the receiver had already, after a repeated message or a lost answer. */
  ObjectsAlreadyThere: 'Count',
  /** Messages left in the queue because the receiver or S3 was busy, or time ran out. */
  CopiesDeferred: 'Count',
  /** Messages left in the queue because a credential, a permission or a name is wrong: an operator is needed. */
  CopiesRefused: 'Count',
  /** Messages sent to the dead-letter queue. */
  CopiesDeadLettered: 'Count',
  /** Time from an object's creation to its copy, of the invocation's slowest copy. */
  CopyLag: 'Seconds',
} as const;
export type CopierMetric = keyof typeof copierMetrics;
