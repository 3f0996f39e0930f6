import { z } from 'zod';
import { oneOf, text } from '../config/fields.ts';
import { attributesField } from './attributes.ts';
import { exampleSecret, secretField, secretsOf } from './delivery-secret.ts';
import type { Destination, DestinationKind } from './destination-kind.ts';
import { type HttpEndpointSettings, httpDeliveryStream, httpEndpointFields } from './http-endpoint.ts';
import { noKnownLimit } from './receiver-clock.ts';
import { type ShapeSettings, shapeFields } from './shape-settings.ts';

/** Any public HTTPS endpoint that speaks Firehose's HTTP endpoint protocol. */
export interface HttpSettings extends HttpEndpointSettings, ShapeSettings {
  readonly kind: 'http';
  /** `https://…` on port 443, which is all that Firehose reaches. */
  readonly url: string;
  /** Complete ARN of the secret `{"api_key": "…"}`, in the stage's region; it comes as `X-Amz-Firehose-Access-Key`. */
  readonly secret: string;
  /** Sent with every request as common attributes. Default: none. */
  readonly attributes?: Readonly<Record<string, string>>;
  /** `single`: one event a record. `lines`: many newline-ended events a record, about a tenth of the cost at 0.5 KB. Default `single`. */
  readonly packing?: 'single' | 'lines';
}

export const http: DestinationKind<HttpSettings> = z
  .strictObject({
    kind: z.literal('http'),
    ...httpEndpointFields({ defaultMiB: 1 }),
    ...shapeFields,
    url: text(
      /^https:\/\/[A-Za-z0-9.-]+(:443)?(\/[^\s]*)?$/,
      'an https URL on port 443, which is all that Firehose reaches',
    ),
    secret: secretField,
    attributes: attributesField,
    packing: oneOf(['single', 'lines']).default('single'),
  })
  .transform(
    (settings): Destination => ({
      kind: 'http',
      name: settings.name ?? 'http',
      quotaMiBPerSecond: settings.quotaMiBPerSecond,
      collector: { format: 'relay-line', packing: settings.packing },
      clock: noKnownLimit,
      secrets: secretsOf(settings),
      receiver: { protocol: 'firehose-http', url: settings.url, secretId: settings.secret },
      create: (scope, props) =>
        httpDeliveryStream(scope, props, {
          vendor: 'http',
          url: settings.url,
          secret: settings.secret,
          attributes: settings.attributes,
          settings,
        }),
    }),
  )
  .meta({
    examples: [
      {
        kind: 'http',
        url: 'https://siem.example.com/firehose',
        secret: exampleSecret('siem'),
      } satisfies HttpSettings,
    ],
  });
