import { z } from 'zod';
import { oneOf } from '../config/fields.ts';
import { attributesField } from './attributes.ts';
import { exampleSecret, secretField, secretsOf } from './delivery-secret.ts';
import type { Destination, DestinationKind } from './destination-kind.ts';
import { type HttpEndpointSettings, httpDeliveryStream, httpEndpointFields } from './http-endpoint.ts';
import { vendorReceiver } from './receiver.ts';
import { agesOf, hourSeconds, type LateSettings, lateFields } from './receiver-clock.ts';
import { type ShapeSettings, shapeFields } from './shape-settings.ts';

/** Datadog's log intake. One event a record: the intake takes a record for one log. */
export interface DatadogSettings extends HttpEndpointSettings, LateSettings, ShapeSettings {
  readonly kind: 'datadog';
  /** `us1`, `us3`, `us5`, `eu`, `ap1` or `gov`. */
  readonly site: keyof typeof intakes;
  /** Complete ARN of the secret `{"api_key": "…"}`, in the stage's region. */
  readonly secret: string;
  /** Firehose delivers when it holds this many MiB, before compression. 1..64, default 4. */
  readonly bufferMiB?: number;
  /** Tags of every log. Default: none. */
  readonly tags?: Readonly<Record<string, string>>;
}

const host = 'https://aws-kinesis-http-intake.logs.';
const newer = '/api/v2/logs?dd-protocol=aws-kinesis-firehose';

/** @see https://docs.datadoghq.com/logs/guide/send-aws-services-logs-with-the-datadog-kinesis-firehose-destination/ */
const intakes = {
  us1: `${host}datadoghq.com/v1/input`,
  us3: `${host}us3.datadoghq.com${newer}`,
  us5: `${host}us5.datadoghq.com${newer}`,
  eu: `${host}datadoghq.eu/v1/input`,
  ap1: `${host}ap1.datadoghq.com${newer}`,
  gov: `${host}ddog-gov.com/v1/input`,
} as const;

const clock = {
  past: 18 * hourSeconds,
  future: 2 * hourSeconds,
  otherwise: 'drops',
  source: 'docs.datadoghq.com, log_date_remapper: the member timestamp is the date by default',
  read: '2026-11-30',
} as const;

export const datadog: DestinationKind<DatadogSettings> = z
  .strictObject({
    kind: z.literal('datadog'),
    ...httpEndpointFields({ defaultMiB: 4 }),
    ...shapeFields,
    ...lateFields,
    site: oneOf(['us1', 'us3', 'us5', 'eu', 'ap1', 'gov']),
    secret: secretField,
    tags: attributesField,
  })
  .transform(
    (settings): Destination => ({
      kind: 'datadog',
      name: settings.name ?? 'datadog',
      quotaMiBPerSecond: settings.quotaMiBPerSecond,
      collector: { format: 'relay-line', packing: 'single', ages: agesOf(clock, settings) },
      clock,
      needs: ['timestamp', 'activity'],
      secrets: secretsOf(settings),
      receiver: vendorReceiver(settings.secret),
      create: (scope, props) =>
        httpDeliveryStream(scope, props, {
          vendor: 'Datadog',
          url: intakes[settings.site],
          secret: settings.secret,
          attributes: settings.tags,
          settings,
        }),
    }),
  )
  .meta({
    examples: [{ kind: 'datadog', site: 'us1', secret: exampleSecret('datadog') } satisfies DatadogSettings],
  });
