import { z } from 'zod';
import { oneOf } from '../config/fields.ts';
import { attributesField } from './attributes.ts';
import { exampleSecret, secretField, secretsOf } from './delivery-secret.ts';
import type { Destination, DestinationKind } from './destination-kind.ts';
import { type HttpEndpointSettings, httpDeliveryStream, httpEndpointFields } from './http-endpoint.ts';
import { vendorReceiver } from './receiver.ts';
import { agesOf, daySeconds, type LateSettings, lateFields } from './receiver-clock.ts';

/** New Relic's log intake. One event a record: the intake takes a record for one log. */
export interface NewRelicSettings extends HttpEndpointSettings, LateSettings {
  readonly kind: 'newRelic';
  /** Where the account is: `us` or `eu`. */
  readonly site: keyof typeof intakes;
  /** Complete ARN of the secret `{"api_key": "…"}` with a license key, in the stage's region. */
  readonly secret: string;
  /** Attributes of every log. Default: none. */
  readonly attributes?: Readonly<Record<string, string>>;
}

/** @see https://docs.newrelic.com/docs/logs/forward-logs/stream-logs-using-kinesis-data-firehose/ */
const intakes = {
  us: 'https://aws-api.newrelic.com/firehose/v1',
  eu: 'https://aws-api.eu.newrelic.com/firehose/v1',
} as const;

const clock = {
  past: 2 * daySeconds,
  otherwise: 'drops',
  source: 'github.com/newrelic/docs-website, pull request 3230',
  read: '2026-11-30',
} as const;

export const newRelic: DestinationKind<NewRelicSettings> = z
  .strictObject({
    kind: z.literal('newRelic'),
    ...httpEndpointFields({ defaultMiB: 1 }),
    ...lateFields,
    site: oneOf(['us', 'eu']),
    secret: secretField,
    attributes: attributesField,
  })
  .transform(
    (settings): Destination => ({
      kind: 'newRelic',
      name: settings.name ?? 'newRelic',
      quotaMiBPerSecond: settings.quotaMiBPerSecond,
      collector: { format: 'relay-line', packing: 'single', ages: agesOf(clock, settings) },
      clock,
      secrets: secretsOf(settings),
      receiver: vendorReceiver(settings.secret),
      create: (scope, props) =>
        httpDeliveryStream(scope, props, {
          vendor: 'New Relic',
          url: intakes[settings.site],
          secret: settings.secret,
          attributes: settings.attributes,
          settings,
        }),
    }),
  )
  .meta({
    examples: [
      { kind: 'newRelic', site: 'us', secret: exampleSecret('new-relic') } satisfies NewRelicSettings,
    ],
  });
