import { z } from 'zod';
import type { StageAlarmSettings, StageAlarms } from './alarm-settings.ts';
import { flag, meant, oneOf, shown, text, wholeNumber } from './fields.ts';
import type { FieldsRead } from './problems.ts';
import { regions } from './regions.ts';
import type { Stream, StreamSettings } from './stream-settings.ts';
import type { View, ViewSettings } from './view-settings.ts';

/** One deployment of the relay: a stack of its own, with its own table, bucket and key. */
export interface StageSettings {
  /** Which Mosaic: `sandbox`, `us`, `eu`, `ca`, `au`, or a base URL such as `https://api.example.com`. */
  readonly environment: MosaicEnvironment | `https://${string}`;
  /** Version of Mosaic's event streaming API. Default `v1`. */
  readonly apiVersion?: 'v1' | 'v2';
  /** The token request's `resource`. Default: none is sent, as Mosaic's own connectors do. */
  readonly resource?: string;
  /** Name or complete ARN of the secret that holds `{"client_id": "…", "client_secret": "…"}` of a management app. */
  readonly secret: string;
  /** ARN of the customer-managed key that the secret is encrypted with. Default: the account's own `aws/secretsmanager`. */
  readonly secretKey?: string;
  /** Account to deploy to, 12 digits. Default, without `terminationProtection` alone: the one whose credentials deploy. */
  readonly account?: string;
  /** Region to deploy to, such as `eu-west-1`. Default: the one that the credentials' profile names. */
  readonly region?: string;
  /**
   * What destinations may see of an event, each by a name that a destination's `view` gives. Default: none, and every
   * destination sees everything.
   */
  readonly views?: Readonly<Record<string, ViewSettings>>;
  /** Tags of everything in the stack. Default: none. */
  readonly tags?: Readonly<Record<string, string>>;
  /** The streams, in any order: each stands by itself. 1..50. */
  readonly streams: readonly StreamSettings[];
  /** Days that the journal of raw batches is kept, so how long a replay can reach back. 1..3650, default 30. */
  readonly journalDays?: number;
  /** Days that quarantined batches and Firehose's backups are kept. 1..3650, default 90. */
  readonly quarantineDays?: number;
  /** Days that logs and access logs are kept; one of the values that CloudWatch Logs knows. Default 90. */
  readonly logDays?: number;
  /**
   * `customer-managed`: one key with rotation, a few dollars a month. `aws-owned`: no key and no cost, and the topic of
   * the alarms, which carries names and texts of alarms alone, is not encrypted at rest. Default `customer-managed`.
   */
  readonly encryption?: 'customer-managed' | 'aws-owned';
  /** Keep table, bucket and key when the stack is deleted. Delivery streams are kept in any case. Default true. */
  readonly keepData?: boolean;
  /** Refuse to delete the stack until this is off. Default true. */
  readonly terminationProtection?: boolean;
  /**
   * Largest answer accepted from Mosaic as it comes off the wire, MiB. 1..256, and at most a fourth of what a
   * collector's memory has above 128 MB, a sixth where a destination has a view; default 64, or that part: 32 for a
   * memory of 256, and 21 with a view.
   */
  readonly wireCapMiB?: number;
  /** Largest answer that is decompressed, MiB; a larger one goes to quarantine as it came. 1..256; limit and default as of `wireCapMiB`. */
  readonly decompressedCapMiB?: number;
  /**
   * ARNs of the roles and users who may read raw events, which are personal data, with the role
   * `mosaic-relay-<stage>-journal-reader`. Up to 20; default: nobody, and there is no such role.
   */
  readonly journalReaders?: readonly string[];
  /** Subscriptions to alarms, and the volume that is unusual. Default: none, and 50 GiB a day. */
  readonly alarms?: StageAlarmSettings;
}

export type MosaicEnvironment = 'sandbox' | 'us' | 'eu' | 'ca' | 'au';

export const stageName = text(/^[a-z][a-z0-9-]{0,15}$/, 'lower-case letters, digits and -, up to 16');

/** What each setting of a stage may be, and its default. Checks between settings are in `stage-checks.ts`. */
export const stageFields = {
  environment: z
    .string({
      error: ({ input }) => `${input === undefined ? 'is missing' : shown(input)}; ${giveEnvironment()}`,
    })
    .transform((written, context) => {
      if (Object.hasOwn(mosaicUrls, written)) return mosaicUrls[written as keyof typeof mosaicUrls];
      if (isOrigin(written)) return new URL(written).origin;
      context.addIssue(
        `${shown(written)} is no Mosaic environment; ${meant(written, Object.keys(mosaicUrls)) ?? giveEnvironment()}`,
      );
      return z.NEVER;
    }) as z.ZodType<string, StageSettings['environment']>,
  apiVersion: oneOf(['v1', 'v2']).default('v1'),
  resource: text(/^https:\/\/\S+$/, "a URL such as 'https://risk.identity.security'").optional(),
  secret: z.union(
    [
      text(arn('secretsmanager', 'secret:[A-Za-z0-9/_+=.@-]+-[A-Za-z0-9]{6}'), 'ARN'),
      text(/^[A-Za-z0-9/_+=.@-]{1,512}$/, 'name'),
    ],
    {
      error: ({ input }) =>
        `${input === undefined ? 'is missing' : `${shown(input)} will not do`}; give a secret's name, or its complete ARN with the six characters at the end`,
    },
  ),
  secretKey: text(arn('kms', 'key/[A-Za-z0-9-]+'), "a key's ARN, not an alias").optional(),
  account: text(/^\d{12}$/, 'the 12 digits of an account, as a text').optional(),
  region: text(/^[a-z]{2}(-[a-z]+)+-\d$/, "a region such as 'eu-west-1'", regions).optional(),
  tags: z
    .record(z.string(), text(/^[^\n]{0,256}$/, 'a text of up to 256 characters'), {
      error: ({ input }) => `${shown(input)} is not an object of texts; give { key: 'value' }`,
    })
    .default({}),
  views: z.unknown() as z.ZodType<unknown, StageSettings['views']>,
  journalDays: wholeNumber(1, 3650).default(30),
  quarantineDays: wholeNumber(1, 3650).default(90),
  logDays: z
    .custom<number>((input) => logRetention.includes(input as number), {
      error: ({ input }) =>
        `${shown(input)} is no retention of CloudWatch Logs; give one of ${logRetention.join(', ')}`,
    })
    .default(90),
  encryption: oneOf(['customer-managed', 'aws-owned']).default('customer-managed'),
  keepData: flag().default(true),
  terminationProtection: flag().default(true),
  wireCapMiB: wholeNumber(1, 256).optional(),
  decompressedCapMiB: wholeNumber(1, 256).optional(),
  streams: z
    .array(z.unknown(), {
      error: ({ input }) =>
        `${input === undefined ? 'is missing' : `${shown(input)} is not a list`}; give a list of streams`,
    })
    .min(1, { error: () => 'is empty; give at least one stream' })
    .max(50, {
      error: ({ input }) =>
        `${(input as unknown[]).length} streams are above 50; give the others a stage of their own`,
    }) as z.ZodType<readonly unknown[], StageSettings['streams']>,
  journalReaders: z
    .array(
      text(
        /^arn:aws[a-z-]*:iam::\d{12}:(role|user)\/[A-Za-z0-9+=,.@_/-]{1,512}$/,
        "the ARN of a role or user, such as 'arn:aws:iam::111122223333:role/incident-response'",
      ),
      { error: ({ input }) => `${shown(input)} is not a list; give a list of ARNs of roles or users` },
    )
    .max(20, {
      error: ({ input }) => `${(input as unknown[]).length} readers are above 20; let them share a role`,
    })
    .default([]),
  alarms: z.unknown() as z.ZodType<unknown, StageSettings['alarms']>,
} satisfies Record<keyof StageSettings, z.ZodType>;

/** A stage as the stack reads it: every default filled in, every cross-check passed. Names and units are the settings'. */
export interface Stage
  extends Omit<FieldsRead<typeof stageFields>, 'environment' | 'streams' | 'alarms' | 'views'> {
  readonly name: string;
  /** Of its `environment`: scheme and host. */
  readonly mosaicUrl: string;
  /** By name, whatever the order in the file, so that reordering changes nothing. */
  readonly streams: readonly Stream[];
  readonly alarms: StageAlarms;
  readonly views: Readonly<Record<string, View>>;
  /** Lines about values that are examples still: such a stage can be synthesised and run here, and not be deployed. */
  readonly examples: readonly string[];
  /** True for a deploy that may leave undelivered batches behind. No setting: see `leave-undelivered.ts`. */
  readonly leaveUndelivered?: boolean;
}

/** Mosaic's environments by name. */
export const mosaicUrls = {
  sandbox: 'https://api.sbx.transmitsecurity.io',
  us: 'https://api.transmitsecurity.io',
  eu: 'https://api.eu.transmitsecurity.io',
  ca: 'https://api.ca.transmitsecurity.io',
  au: 'https://api.au.transmitsecurity.io',
} as const;

function arn(service: string, rest: string): RegExp {
  return new RegExp(`^arn:aws[a-z-]*:${service}:[a-z0-9-]+:\\d{12}:${rest}$`);
}

/** Days that a log group may be kept: CloudWatch Logs takes no others. */
const logRetention = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

function giveEnvironment(): string {
  return `give ${Object.keys(mosaicUrls).join(', ')} or a base URL such as 'https://api.example.com'`;
}

/** Scheme and host alone: the paths are the API's. */
function isOrigin(written: string): boolean {
  return /^https:\/\/[^\s/?#@]+\/?$/.test(written) && URL.canParse(written);
}
