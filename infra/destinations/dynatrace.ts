import { z } from 'zod';
import { text } from '../config/fields.ts';
import { exampleSecret, secretField, secretsOf } from './delivery-secret.ts';
import type { Destination, DestinationKind } from './destination-kind.ts';
import { type HttpEndpointSettings, httpDeliveryStream, httpEndpointFields } from './http-endpoint.ts';
import { vendorReceiver } from './receiver.ts';
import { agesOf, daySeconds, type LateSettings, lateFields } from './receiver-clock.ts';

/** Dynatrace's log ingest. One event a record: the intake takes a record for one log. */
export interface DynatraceSettings extends HttpEndpointSettings, LateSettings {
  readonly kind: 'dynatrace';
  /** The environment's URL, such as `https://abc12345.live.dynatrace.com`. */
  readonly environment: string;
  /** Complete ARN of the secret `{"api_key": "…"}` with a token of scope `logs.ingest`, in the stage's region. */
  readonly secret: string;
}

const clock = {
  past: daySeconds,
  otherwise: 'refuses-request',
  source:
    'docs.dynatrace.com, lma-ingest-drop-reasons and lma-limits: the log API answers 400 for a whole batch with one older log',
  read: '2026-11-30',
} as const;

export const dynatrace: DestinationKind<DynatraceSettings> = z
  .strictObject({
    kind: z.literal('dynatrace'),
    ...httpEndpointFields({ defaultMiB: 1 }),
    ...lateFields,
    environment: text(
      /^https:\/\/[A-Za-z0-9.-]+$/,
      "https and host alone, such as 'https://abc12345.live.dynatrace.com'",
    ),
    secret: secretField,
  })
  .transform(
    (settings): Destination => ({
      kind: 'dynatrace',
      name: settings.name ?? 'dynatrace',
      quotaMiBPerSecond: settings.quotaMiBPerSecond,
      collector: { format: 'relay-line', packing: 'single', ages: agesOf(clock, settings) },
      clock,
      secrets: secretsOf(settings),
      receiver: vendorReceiver(settings.secret),
      create: (scope, props) =>
        httpDeliveryStream(scope, props, {
          vendor: 'Dynatrace',
          url: `${settings.environment}/api/v2/logs/ingest/aws_firehose`,
          secret: settings.secret,
          // What the older intake finds the environment by; the newer ignores it.
          attributes: { 'dt-url': settings.environment },
          settings,
        }),
    }),
  )
  .meta({
    examples: [
      {
        kind: 'dynatrace',
        environment: 'https://example.live.dynatrace.com',
        secret: exampleSecret('dynatrace'),
      } satisfies DynatraceSettings,
    ],
  });
