import { z } from 'zod';
import { type EventType, eventTypes, type WitnessOf } from '../../functions/collector/contract.ts';
import type { Destination, NamedDestination } from '../destinations/destination-kind.ts';
import type { DestinationSettings } from '../destinations/destination-kinds.ts';
import type { StreamAlarmSettings, StreamAlarms } from './alarm-settings.ts';
import { duration, flag, oneOf, shown, text, wholeNumber } from './fields.ts';
import type { FieldsRead } from './problems.ts';
import type { Schedule } from './schedule-expression.ts';
import type { Witness } from './witness-link.ts';

/** One Mosaic stream: its schedule and where its events go. */
export interface StreamSettings {
  /**
   * The stream's name in this relay: key in the table, folder in the journal, part of every name on AWS. Letters,
   * digits and `-`, up to 32. Default: `id`.
   *
   * A changed `id` under an unchanged `name` replaces the Mosaic stream safely: the new one is created, and the old
   * one is read until it is empty. A changed `name` is another stream, which starts from nothing, unless `was` says
   * which stream it continues.
   */
  readonly name?: string;
  /**
   * The name under which this stream began, where it has another one now: `{ name: 'sign-ins', was: 'cis' }`. It goes on
   * with its journal, its progress and every name on AWS. Texts of dashboard, alarms and commands show the new name;
   * commands take both. Stays in the settings for good. Default: not renamed.
   */
  readonly was?: string;
  /** Mosaic's id of the stream, without spaces. It is created at deploy. Not together with `pullUrl`. */
  readonly id?: string;
  /** A pull URL copied from Mosaic's portal instead of an `id`: such a stream is never created, reopened or deleted by us. */
  readonly pullUrl?: string;
  /** What the stream carries. It cannot change under the same name. */
  readonly type: EventType;
  /** How often it is collected: whole minutes, hours or days, up to `'7 days'`. Default `'5 minutes'`. Not together with `cron`. */
  readonly every?: string;
  /** When it is collected, as the six fields of an EventBridge Scheduler cron line: `'0 6 ? * MON-FRI *'`. Not together with `every`. */
  readonly cron?: string;
  /** Time zone of `cron`, such as `Europe/Berlin`. Default `UTC`. */
  readonly timeZone?: string;
  /** Most events in one answer. 1..1000, default 1000. */
  readonly batchSize?: number;
  /** Where its events go; each destination gets every event. Default `[{ kind: 's3' }]`. */
  readonly destinations?: readonly DestinationSettings[];
  /**
   * How long one run may take: `'1 minute'` to `'15 minutes'`, default `'5 minutes'`. With less than the default only a
   * part of the delivery quota can be used, and the synth says which.
   */
  readonly timeout?: string;
  /** How long one answer of Mosaic may take: `'5 seconds'` to `'5 minutes'`, default `'60 seconds'`. */
  readonly collectTimeout?: string;
  /** Empty answers in a row that mean drained. 1..20, default 2: Mosaic may answer empty while a backlog exists. */
  readonly emptyAnswersToStop?: number;
  /**
   * After draining, ask again this often in the minute that the run began in, for freshness under a minute:
   * `'5 seconds'` to `'1 minute'`. Needs `every: '1 minute'`, or a `cron` of every minute. Default: not.
   */
  readonly pollWithin?: string;
  /** Create the stream again when Mosaic says that it is gone. Default true. */
  readonly autoReopen?: boolean;
  /** Days that Mosaic keeps what is not collected. 1..31; default: Mosaic's own. Cannot change under the same id. */
  readonly retention?: number;
  /** Ask Mosaic for clear user and app ids, which are personal data. Default false. Cannot change under the same id. */
  readonly enrichment?: boolean;
  /** What happens to the Mosaic stream when it is taken out of this file: `delete` drops its backlog. Default `keep`. */
  readonly onRemoval?: 'keep' | 'delete';
  /**
   * Take over the stream of this id, and its witness's, if Mosaic has it already and this stage does not know it: after
   * a first deploy that failed half-way, or where the stack was made again. Never for a stream that somebody else
   * reads. For one deploy, `-c adopt=NAME` does the same. Default false. Not together with `pullUrl`.
   */
  readonly adopt?: boolean;
  /** Concurrent executions set aside for this collector. 2..100; default: none, since small accounts cannot spare them. */
  readonly reservedConcurrency?: number;
  /** Memory of the collector, MB; with less than 384, smaller answers are accepted. 256..10240, default 512. */
  readonly memory?: number;
  /**
   * A second, independent stream of the same type, `<id>-witness`, read by a collector of its own and only journaled.
   * `detect` tells what this stream has missed; `recover` has it delivered too, marked `"recovered":true`, an hour or
   * two late. Costs another stream in Mosaic and another journal. Default: none. See `docs/witness.md`.
   */
  readonly witness?: 'detect' | 'recover';
  /** How often the witness reads: whole minutes or hours, up to `'12 hours'`. Default `'1 hour'`. Only with `witness`. */
  readonly witnessEvery?: string;
  /** When its alarms go off, where the defaults that follow from its schedule will not do. */
  readonly alarms?: StreamAlarmSettings;
}

/** What each setting of a stream may be, and its default. Checks between settings are in `stream-checks.ts`. */
export const streamFields = {
  name: text(/^[A-Za-z0-9][A-Za-z0-9-]{0,31}$/, 'letters, digits and -, up to 32').optional(),
  was: text(
    /^[A-Za-z0-9][A-Za-z0-9-]{0,31}$/,
    'the name of before: letters, digits and -, up to 32',
  ).optional(),
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
    .default([{ kind: 's3' }]) as z.ZodType<readonly unknown[], StreamSettings['destinations']>,
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
  alarms: z.unknown() as z.ZodType<unknown, StreamSettings['alarms']>,
} satisfies Record<keyof StreamSettings, z.ZodType>;

/**
 * A stream as the stack reads it: every default filled in, every cross-check passed. Names are the settings'; a duration
 * is a number of seconds.
 */
export interface Stream
  extends Omit<
    FieldsRead<typeof streamFields>,
    'was' | 'every' | 'cron' | 'timeZone' | 'destinations' | 'witness' | 'witnessEvery' | 'alarms'
  > {
  /** What everything stored and every name on AWS has: `was`, or `name`. */
  readonly name: string;
  /** What people read in place of the name: the `name` of a stream with a `was`. */
  readonly label?: string;
  /** Of a pull URL without one, the name. */
  readonly id: string;
  /** Of `every`, or of `cron` and `timeZone`. */
  readonly schedule: Schedule;
  readonly destinations: readonly Destination[];
  /** Of `witness` and `witnessEvery`; absent for none. */
  readonly witness?: Witness;
  /** Of a stream that is itself a witness: what it is told of its primary. */
  readonly witnessOf?: WitnessOf;
  readonly alarms: StreamAlarms;
}

/** A stream as it was read: without the settings that were refused. */
export type ReadStream = Partial<Omit<Stream, 'destinations'>> & {
  readonly destinations?: readonly NamedDestination[];
};

function isHttpsUrl(written: string): boolean {
  return /^https:\/\/[^\s@]+$/.test(written) && URL.canParse(written);
}
