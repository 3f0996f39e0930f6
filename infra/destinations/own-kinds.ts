import { z } from 'zod';
import { text } from '../config/fields.ts';
import { ownReceivers } from '../config/own-receivers.ts';
import { secretField, secretsOf } from './delivery-secret.ts';
import type { Destination, DestinationKind } from './destination-kind.ts';
import { type DestinationSettings, destinationKinds } from './destination-kinds.ts';
import { type HttpEndpointSettings, httpDeliveryStream, httpEndpointFields } from './http-endpoint.ts';
import { agesOf, type KnownClock, type LateSettings, lateFields, noKnownLimit } from './receiver-clock.ts';

/** The settings of every kind of one's own, beside those that its definition adds. */
export interface OwnDestinationSettings extends HttpEndpointSettings, LateSettings {
  /** Complete ARN of the secret `{"api_key": "…"}`, in the stage's region; it comes as `X-Amz-Firehose-Access-Key`. */
  readonly secret: string;
}

/**
 * A kind of destination of one's own: an intake that speaks Firehose's HTTP endpoint protocol.
 *
 * `Own` is an interface of the settings that the kind adds to those of `OwnDestinationSettings`.
 */
export interface OwnDestination<Own extends object> {
  /** Its name, which is also a destination's name by default: a letter, then letters and digits, up to 16. */
  readonly kind: string;
  /**
   * What each added setting may be: an expression that its text matches, or a function of the written value, which
   * answers what is wrong and would be right, such as `'is missing; give 1..10'`, or undefined.
   */
  readonly settings: { readonly [Name in keyof Own]-?: SettingCheck };
  /** `single`: one event a record. `lines`: many newline-ended events a record. Default `single`. */
  readonly packing?: 'single' | 'lines';
  /** How old and how new an event the receiver takes, in seconds, with the document that says so. Default: any. */
  readonly clock?: KnownClock;
  /** Where events go, by the settings of one destination. */
  endpoint(settings: Own & OwnDestinationSettings): OwnEndpoint;
  /**
   * Judges the events of a request, each a line of JSON, as the receiver of the local run: answers why the intake would
   * refuse the request, or undefined where it takes the request. Default: whatever follows the protocol is taken.
   */
  readonly receive?: (events: readonly string[]) => string | undefined;
}

export type SettingCheck = RegExp | ((written: unknown) => string | undefined);

export interface OwnEndpoint {
  /** `https://…` on port 443, which is all that Firehose reaches. */
  readonly url: string;
  /** Sent with every request as common attributes, up to 50. Default: none. */
  readonly attributes?: Readonly<Record<string, string>>;
}

/**
 * Defines a kind of destination, without a change of this package. Call it in the file of settings, or in a module
 * that the settings import: whoever reads the settings then knows the kind, the commands and the local run included.
 *
 * ```ts
 * export const honeycomb = defineDestination<{ readonly dataset: string }>({
 *   kind: 'honeycomb',
 *   settings: { dataset: /^[a-z0-9-]{1,64}$/ },
 *   endpoint: ({ dataset }) => ({ url: `https://api.honeycomb.io/1/kinesis_events/${dataset}` }),
 * });
 * ```
 *
 * @returns makes one destination of the kind, to stand in a stream's `destinations`
 * @throws where the name of the kind will not do, or is taken
 */
export function defineDestination<Own extends object>(
  definition: OwnDestination<Own>,
): (settings: Own & OwnDestinationSettings) => DestinationSettings {
  const { kind, receive } = definition;
  if (!/^[A-Za-z][A-Za-z0-9]{0,15}$/.test(kind)) {
    throw new Error(`'${kind}' names no kind; give a letter, then letters and digits, up to 16`);
  }
  if (Object.hasOwn(destinationKinds, kind) || ownKinds.has(kind)) {
    throw new Error(`a kind '${kind}' is there already; give this one another name`);
  }
  ownKinds.set(kind, schemaOf(definition));
  if (receive !== undefined) ownReceivers.set(kind, receive);
  return (settings) => ({ ...settings, kind }) as unknown as DestinationSettings;
}

/** A kind's schema by its name: one of this package, or one that was defined; undefined if there is none. */
export function kindNamed(name: string): z.ZodType<Destination> | undefined {
  if (Object.hasOwn(destinationKinds, name)) return destinationKinds[name as keyof typeof destinationKinds];
  return ownKinds.get(name);
}

/** The names of all kinds, those that were defined last. */
export function kindNames(): readonly string[] {
  return [...Object.keys(destinationKinds), ...ownKinds.keys()];
}

const ownKinds = new Map<string, z.ZodType<Destination>>();

function schemaOf<Own extends object>(
  definition: OwnDestination<Own>,
): DestinationKind<OwnDestinationSettings & { readonly kind: string }> {
  const { kind, clock, packing = 'single' } = definition;
  const added = Object.entries<SettingCheck>(definition.settings).map(([name, check]) => [
    name,
    fieldOf(check),
  ]);
  const schema = z
    .strictObject({
      kind: z.literal(kind),
      ...httpEndpointFields({ defaultMiB: 1 }),
      ...(clock === undefined ? {} : lateFields),
      secret: secretField,
      ...(Object.fromEntries(added) as Record<never, z.ZodType>),
    })
    .transform((settings, context): Destination => {
      const { url, attributes = {} } = definition.endpoint(
        settings as unknown as Own & OwnDestinationSettings,
      );
      if (!reachable.test(url)) {
        context.addIssue(`goes to ${url}; Firehose reaches https on port 443 alone`);
        return z.NEVER;
      }
      return {
        kind,
        name: settings.name ?? kind,
        quotaMiBPerSecond: settings.quotaMiBPerSecond,
        collector: {
          format: 'relay-line',
          packing,
          ...(clock && { ages: agesOf(clock, { ...settings, late: settings.late as LateSettings['late'] }) }),
        },
        clock: clock ?? noKnownLimit,
        secrets: secretsOf(settings),
        receiver: { protocol: 'firehose-http', url, secretId: settings.secret },
        create: (scope, props) =>
          httpDeliveryStream(scope, props, {
            vendor: kind,
            url,
            secret: settings.secret,
            attributes,
            settings,
          }),
      };
    });
  return schema as DestinationKind<OwnDestinationSettings & { readonly kind: string }>;
}

const reachable = /^https:\/\/[A-Za-z0-9.-]+(:443)?(\/[^\s]*)?$/;

function fieldOf(check: SettingCheck): z.ZodType {
  if (check instanceof RegExp) return text(check, `a text that ${check} matches`);
  const any = z.unknown().optional();
  return any.superRefine((written, context) => {
    const problem = check(written);
    if (problem !== undefined) context.addIssue(problem);
  });
}
