import { z } from 'zod';
import { text } from '../config/fields.ts';
import { ObjectCopier } from '../constructs/object-copier.ts';
import { bufferFields, type CommonSettings, commonFields } from './common-settings.ts';
import { copiedObjects } from './copied-objects.ts';
import { areSound, besideRefusals } from './cross-check.ts';
import { exampleSecret, mayReadSecret, secretField, secretKeyField, secretsOf } from './delivery-secret.ts';
import type { Destination, DestinationKind } from './destination-kind.ts';
import { compressionFields, packedLines } from './packed-objects.ts';
import { agesOf, daySeconds, type LateSettings, lateFields } from './receiver-clock.ts';

/** Microsoft Sentinel, by the Azure Logs Ingestion API. @see docs/sentinel.md */
export interface SentinelSettings extends CommonSettings, LateSettings {
  readonly kind: 'sentinel';
  /** The data collection endpoint, such as `https://mosaic-ab12.westeurope-1.ingest.monitor.azure.com`. */
  readonly endpoint: string;
  /** The data collection rule's immutable id: `dcr-` and 32 hexadecimal digits. */
  readonly rule: string;
  /** The rule's stream, such as `Custom-MosaicEvents_CL`. */
  readonly table: string;
  /** Complete ARN of the secret `{"tenant_id": "…", "client_id": "…", "client_secret": "…"}`, in the stage's region. */
  readonly secret: string;
  /** ARN of the customer-managed key that the secret is encrypted with. Default: the account's own `aws/secretsmanager`. */
  readonly secretKey?: string;
  /** Each record is a gzip member of its own, at about a third of the ingestion cost and of the quota; an object is a row of members. `false` leaves it to Firehose to compress an object as a whole. Default true. */
  readonly compressRecords?: boolean;
  /** Firehose writes an object when it holds this many MiB, as it takes the records: compressed, and 16 at most, unless `compressRecords` is false. 1..64, default 5. */
  readonly bufferMiB?: number;
  /** Firehose writes an object at the latest after so many seconds. 0..900, default 60. */
  readonly bufferSeconds?: number;
}

/** The copier sends an object's events in calls of 1 MB, one after the other, within two minutes. */
const mostCompressedMiB = 16;

const entraUrl = 'https://login.microsoftonline.com';
const audience = 'monitor.azure.com';

const clock = {
  past: 2 * daySeconds,
  otherwise: 're-dates',
  source:
    'github.com/Azure/Azure-Sentinel, issue 14984: TimeGenerated becomes the time of arrival, as a user reports',
  read: '2026-11-30',
} as const;

export const sentinel: DestinationKind<SentinelSettings> = z
  .strictObject({
    kind: z.literal('sentinel'),
    ...commonFields,
    ...bufferFields({ maxMiB: 64, defaultMiB: 5, maxSeconds: 900, defaultSeconds: 60 }),
    ...compressionFields,
    ...lateFields,
    endpoint: text(/^https:\/\/[A-Za-z0-9.-]+$/, 'https and host alone, of the data collection endpoint'),
    rule: text(/^dcr-[0-9a-f]{32}$/, "the rule's immutable id: dcr- and 32 hexadecimal digits"),
    table: text(/^Custom-[A-Za-z0-9_-]{1,93}$/, "the rule's stream, such as 'Custom-MosaicEvents_CL'"),
    secret: secretField,
    secretKey: secretKeyField,
  })
  .superRefine(({ bufferMiB, compressRecords }, context) => {
    if (!areSound(context, 'bufferMiB', 'compressRecords')) return;
    if (!compressRecords || bufferMiB <= mostCompressedMiB) return;
    context.addIssue({
      code: 'custom',
      path: ['bufferMiB'],
      message: `is ${bufferMiB}, and with compressed records an object above ${mostCompressedMiB} MiB may hold more events than one invocation can send; give at most ${mostCompressedMiB}, or compressRecords: false`,
    });
  }, besideRefusals)
  .transform(
    (settings): Destination => ({
      kind: 'sentinel',
      name: settings.name ?? 'sentinel',
      quotaMiBPerSecond: settings.quotaMiBPerSecond,
      collector: { format: 'relay-line', ...packedLines(settings), ages: agesOf(clock, settings) },
      clock,
      needs: ['timestamp', 'activity'],
      secrets: secretsOf(settings),
      receiver: {
        protocol: 'azure-logs',
        url: settings.endpoint,
        entraUrl,
        audience,
        secretId: settings.secret,
        rule: settings.rule,
        table: settings.table,
      },
      copied: true,
      create: (scope, props) =>
        copiedObjects(scope, props, {
          bufferMiB: settings.bufferMiB,
          bufferSeconds: settings.bufferSeconds,
          compressRecords: settings.compressRecords,
          copier: (folder) =>
            new ObjectCopier(scope, 'Copier', {
              destination: props,
              folder,
              sink: {
                SINK: 'azure-logs',
                ENTRA_URL: entraUrl,
                ENTRA_SECRET_ID: settings.secret,
                AZURE_LOGS_URL: settings.endpoint,
                AZURE_LOGS_AUDIENCE: audience,
                AZURE_LOGS_RULE_ID: settings.rule,
                AZURE_LOGS_STREAM: settings.table,
              },
              statements: mayReadSecret(settings),
            }),
        }),
    }),
  )
  .meta({
    examples: [
      {
        kind: 'sentinel',
        endpoint: 'https://example.westeurope-1.ingest.monitor.azure.com',
        rule: 'dcr-00000000000000000000000000000000',
        table: 'Custom-MosaicEvents_CL',
        secret: exampleSecret('sentinel'),
      } satisfies SentinelSettings,
    ],
  });
