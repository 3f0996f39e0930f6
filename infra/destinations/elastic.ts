import { z } from 'zod';
import { text } from '../config/fields.ts';
import { exampleSecret, secretField, secretsOf } from './delivery-secret.ts';
import type { Destination, DestinationKind } from './destination-kind.ts';
import { type HttpEndpointSettings, httpDeliveryStream, httpEndpointFields } from './http-endpoint.ts';
import { noKnownLimit } from './receiver-clock.ts';
import { type ShapeSettings, shapeFields } from './shape-settings.ts';

/** Elastic Cloud's Firehose intake. One event a record: the intake takes a record for one document. */
export interface ElasticSettings extends HttpEndpointSettings, ShapeSettings {
  readonly kind: 'elastic';
  /** The cluster's URL, such as `https://my-cluster.es.eu-west-1.aws.elastic-cloud.com`. */
  readonly endpoint: string;
  /** Complete ARN of the secret `{"api_key": "…"}` with an encoded API key, in the stage's region. */
  readonly secret: string;
  /** Data stream that events go to. Default `logs-mosaic-default`. */
  readonly dataStream?: string;
}

export const elastic: DestinationKind<ElasticSettings> = z
  .strictObject({
    kind: z.literal('elastic'),
    ...httpEndpointFields({ defaultMiB: 1 }),
    ...shapeFields,
    endpoint: text(/^https:\/\/[A-Za-z0-9.-]+(:443)?$/, 'https and host alone, on port 443'),
    secret: secretField,
    dataStream: text(
      /^[a-z0-9][a-z0-9_.-]{0,99}$/,
      "a data stream's name, such as 'logs-mosaic-default'",
    ).default('logs-mosaic-default'),
  })
  .transform(
    (settings): Destination => ({
      kind: 'elastic',
      name: settings.name ?? 'elastic',
      quotaMiBPerSecond: settings.quotaMiBPerSecond,
      collector: { format: 'relay-line', packing: 'single' },
      clock: noKnownLimit,
      needs: ['timestamp', 'activity'],
      secrets: secretsOf(settings),
      receiver: { protocol: 'firehose-http', url: settings.endpoint, secretId: settings.secret },
      create: (scope, props) =>
        httpDeliveryStream(scope, props, {
          vendor: 'Elastic',
          url: settings.endpoint,
          secret: settings.secret,
          attributes: { es_datastream_name: settings.dataStream },
          settings,
        }),
    }),
  )
  .meta({
    examples: [
      {
        kind: 'elastic',
        endpoint: 'https://example.es.eu-west-1.aws.elastic-cloud.com',
        secret: exampleSecret('elastic'),
      } satisfies ElasticSettings,
    ],
  });
