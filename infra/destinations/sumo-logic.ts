import { z } from 'zod';
import { text } from '../config/fields.ts';
import { exampleSecret, secretField, secretsOf } from './delivery-secret.ts';
import type { Destination, DestinationKind } from './destination-kind.ts';
import { type HttpEndpointSettings, httpDeliveryStream, httpEndpointFields } from './http-endpoint.ts';
import { vendorReceiver } from './receiver.ts';
import { agesOf, daySeconds, type LateSettings, lateFields } from './receiver-clock.ts';

/**
 * Sumo Logic's Firehose source. One event a record: the source takes a record for one log.
 *
 * Its token is part of its URL, which CloudFormation fills in at deploy: whoever may describe the delivery stream can
 * read it, and a rotated one needs a deploy.
 */
export interface SumoLogicSettings extends HttpEndpointSettings, LateSettings {
  readonly kind: 'sumoLogic';
  /** The source's URL up to the token, such as `https://endpoint9.collection.eu.sumologic.com/receiver/v1/kinesis/log`. */
  readonly endpoint: string;
  /** Complete ARN of the secret `{"token": "…"}` with the rest of the URL, in the stage's region. */
  readonly secret: string;
}

const clock = {
  past: 365 * daySeconds,
  otherwise: 're-dates',
  source: 'github.com/SumoLogic/sumologic-documentation, pull request 5256',
  read: '2026-11-30',
} as const;

export const sumoLogic: DestinationKind<SumoLogicSettings> = z
  .strictObject({
    kind: z.literal('sumoLogic'),
    ...httpEndpointFields({ defaultMiB: 1 }),
    ...lateFields,
    endpoint: text(
      /^https:\/\/[A-Za-z0-9.-]+\/receiver\/v1\/kinesis\/log$/,
      "the source's URL up to the token, ending in /receiver/v1/kinesis/log",
    ),
    secret: secretField,
  })
  .transform(
    (settings): Destination => ({
      kind: 'sumoLogic',
      name: settings.name ?? 'sumoLogic',
      quotaMiBPerSecond: settings.quotaMiBPerSecond,
      collector: { format: 'relay-line', packing: 'single', ages: agesOf(clock, settings) },
      clock,
      secrets: secretsOf(settings),
      receiver: vendorReceiver(settings.secret, { member: 'token', readByDeploy: true }),
      create: (scope, props) =>
        httpDeliveryStream(scope, props, {
          vendor: 'Sumo Logic',
          url: `${settings.endpoint}/{{resolve:secretsmanager:${settings.secret}:SecretString:token}}`,
          attributes: {},
          settings,
        }),
    }),
  )
  .meta({
    examples: [
      {
        kind: 'sumoLogic',
        endpoint: 'https://example.collection.sumologic.com/receiver/v1/kinesis/log',
        secret: exampleSecret('sumo-logic'),
      } satisfies SumoLogicSettings,
    ],
  });
