import { z } from 'zod';
import { eventTypes } from '../../functions/collector/contract.ts';
import { duration, flag, oneOf, shown, text, wholeNumber } from './fields.ts';
import type { StageSettings, StreamSettings } from './settings.ts';

/**
 * What each setting of `settings.ts` may be, and its default. Checks between settings are in `stream-checks.ts` and
 * `stage-checks.ts`.
 */

const hosts = {
  sandbox: 'https://api.sbx.transmitsecurity.io',
  us: 'https://api.transmitsecurity.io',
  eu: 'https://api.eu.transmitsecurity.io',
  ca: 'https://api.ca.transmitsecurity.io',
  au: 'https://api.au.transmitsecurity.io',
} as const;

const arn = (service: string, rest: string) =>
  new RegExp(`^arn:aws[a-z-]*:${service}:[a-z0-9-]+:\\d{12}:${rest}$`);

/** Days that a log group may be kept: CloudWatch Logs takes no others. */
const logRetention = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

export const stageName = text(/^[a-z][a-z0-9-]{0,15}$/, 'lower-case letters, digits and -, up to 16');

export const stageFields = {
  environment: z
    .string({
      error: ({ input }) => `${input === undefined ? 'is missing' : shown(input)}; ${giveEnvironment()}`,
    })
    .transform((written, context) => {
      if (Object.hasOwn(hosts, written)) return hosts[written as keyof typeof hosts];
      if (isOrigin(written)) return new URL(written).origin;
      context.addIssue(`${shown(written)} is no Mosaic environment; ${giveEnvironment()}`);
      return z.NEVER;
    }),
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
  region: text(/^[a-z]{2}(-[a-z]+)+-\d$/, "a region such as 'eu-west-1'").optional(),
  tags: z
    .record(z.string(), text(/^[^\n]{0,256}$/, 'a text of up to 256 characters'), {
      error: ({ input }) => `${shown(input)} is not an object of texts; give { key: 'value' }`,
    })
    .default({}),
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
    }),
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
  alarms: z.unknown().optional(),
} satisfies Record<keyof StageSettings, z.ZodType>;

export const streamFields = {
  name: text(/^[A-Za-z0-9][A-Za-z0-9-]{0,31}$/, 'letters, digits and -, up to 32').optional(),
  id: text(
    // In an object's metadata S3 takes ASCII alone.
    /^(?:(?![/?#&%"\\])[!-~]){1,128}$/,
    'one word of up to 128 ASCII characters, without spaces',
  ).optional(),
  pullUrl: z
    .string({
      error: ({ input }) => `${shown(input)} is not a text; give the URL that Mosaic's portal shows`,
    })
    .refine(isHttpsUrl, {
      error: ({ input }) => `${shown(input)} is no https URL; give the one that Mosaic's portal shows`,
    })
    .optional(),
  type: oneOf(eventTypes),
  every: z
    .string({ error: ({ input }) => `${shown(input)} is not a text; give one such as '5 minutes'` })
    .optional(),
  cron: z
    .string({
      error: ({ input }) => `${shown(input)} is not a text; give six fields such as '0 6 ? * MON-FRI *'`,
    })
    .optional(),
  timeZone: z
    .string({
      error: ({ input }) => `${shown(input)} is not a text; give a time zone such as 'Europe/Berlin'`,
    })
    .optional(),
  batchSize: wholeNumber(1, 1000).default(1000),
  destinations: z
    .array(z.unknown(), {
      error: ({ input }) => `${shown(input)} is not a list; give one such as [{ kind: 's3' }]`,
    })
    .min(1, { error: () => "is empty; give at least one, such as { kind: 's3' }" })
    .max(8, {
      error: ({ input }) =>
        `${(input as unknown[]).length} destinations are above 8; give another stream the others`,
    })
    .default([{ kind: 's3' }]),
  timeout: duration(60, 900).default(300),
  collectTimeout: duration(5, 300).default(60),
  emptyAnswersToStop: wholeNumber(1, 20).default(2),
  pollWithin: duration(5, 60).default(0),
  autoReopen: flag().default(true),
  retention: wholeNumber(1, 31).optional(),
  enrichment: flag().default(false),
  onRemoval: oneOf(['keep', 'delete']).default('keep'),
  adopt: flag().default(false),
  reservedConcurrency: wholeNumber(2, 100).optional(),
  memory: wholeNumber(256, 10_240).default(512),
  witness: oneOf(['detect', 'recover']).optional(),
  witnessEvery: z
    .string({ error: ({ input }) => `${shown(input)} is not a text; give one such as '1 hour'` })
    .optional(),
  alarms: z.unknown().optional(),
} satisfies Record<keyof StreamSettings, z.ZodType>;

function giveEnvironment(): string {
  return `give ${Object.keys(hosts).join(', ')} or a base URL such as 'https://api.example.com'`;
}

/** Scheme and host alone: the paths are the API's. */
function isOrigin(written: string): boolean {
  return /^https:\/\/[^\s/?#@]+\/?$/.test(written) && URL.canParse(written);
}

function isHttpsUrl(written: string): boolean {
  return /^https:\/\/[^\s@]+$/.test(written) && URL.canParse(written);
}
