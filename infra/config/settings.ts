import type { EventType } from '../../functions/collector/contract.ts';
import type { DestinationSettings } from '../destinations/destination-kinds.ts';
import type { StageAlarmSettings, StreamAlarmSettings } from './alarm-settings.ts';

/** What an operator writes in `stages.ts`. An editor shows these lines on hover. */

/** One deployment of the relay: a stack of its own, with its own table, bucket and key. */
export interface StageSettings {
  /** Which Mosaic: `sandbox`, `us`, `eu`, `ca`, `au`, or a base URL such as `https://api.example.com`. */
  readonly environment: MosaicEnvironment | `https://${string}`;
  /** Version of Mosaic's event streaming API. Default `v1`. */
  readonly apiVersion?: 'v1' | 'v2';
  /** The token request's `resource`. Default: none is sent, as Mosaic's own connectors do. */
  readonly resource?: string;
  /** Name or complete ARN of the secret that holds `{"client_id": "…", "client_secret": "…"}` of a management app. */
  readonly secret: string;
  /** ARN of the customer-managed key that the secret is encrypted with. Default: the account's own `aws/secretsmanager`. */
  readonly secretKey?: string;
  /** Account to deploy to, 12 digits. Default, without `terminationProtection` alone: the one whose credentials deploy. */
  readonly account?: string;
  /** Region to deploy to, such as `eu-west-1`. Default: the one that the credentials' profile names. */
  readonly region?: string;
  /** Tags of everything in the stack. Default: none. */
  readonly tags?: Readonly<Record<string, string>>;
  /** The streams, in any order: each stands by itself. 1..50. */
  readonly streams: readonly StreamSettings[];
  /** Days that the journal of raw batches is kept, so how long a replay can reach back. 1..3650, default 30. */
  readonly journalDays?: number;
  /** Days that quarantined batches and Firehose's backups are kept. 1..3650, default 90. */
  readonly quarantineDays?: number;
  /** Days that logs and access logs are kept; one of the values that CloudWatch Logs knows. Default 90. */
  readonly logDays?: number;
  /**
   * `customer-managed`: one key with rotation, a few dollars a month. `aws-owned`: no key and no cost, and the topic of
   * the alarms, which carries names and texts of alarms alone, is not encrypted at rest. Default `customer-managed`.
   */
  readonly encryption?: 'customer-managed' | 'aws-owned';
  /** Keep table, bucket and key when the stack is deleted. Delivery streams are kept in any case. Default true. */
  readonly keepData?: boolean;
  /** Refuse to delete the stack until this is off. Default true. */
  readonly terminationProtection?: boolean;
  /**
   * Largest answer accepted from Mosaic as it comes off the wire, MiB. 1..256, and at most a fourth of what a
   * collector's memory has above 128 MB; default 64, or that fourth: 32 for a memory of 256.
   */
  readonly wireCapMiB?: number;
  /** Largest answer that is decompressed, MiB; a larger one goes to quarantine as it came. Range and default as above. */
  readonly decompressedCapMiB?: number;
  /**
   * ARNs of the roles and users who may read raw events, which are personal data, with the role
   * `mosaic-relay-<stage>-journal-reader`. Up to 20; default: nobody, and there is no such role.
   */
  readonly journalReaders?: readonly string[];
  /** Who is told of alarms, and what volume is unusual. */
  readonly alarms?: StageAlarmSettings;
}

export type MosaicEnvironment = 'sandbox' | 'us' | 'eu' | 'ca' | 'au';

/** One Mosaic stream: its schedule and where its events go. */
export interface StreamSettings {
  /**
   * The stream's name in this relay: key in the table, folder in the journal, part of every name on AWS. Letters,
   * digits and `-`, up to 32. Default: `id`.
   *
   * A changed `id` under an unchanged `name` replaces the Mosaic stream safely: the new one is created, and the old
   * one is read until it is empty. A changed `name` is another stream, which starts from nothing.
   */
  readonly name?: string;
  /** Mosaic's id of the stream, without spaces. It is created at deploy. Not together with `pullUrl`. */
  readonly id?: string;
  /** A pull URL copied from Mosaic's portal instead of an `id`: such a stream is never created, reopened or deleted by us. */
  readonly pullUrl?: string;
  /** What the stream carries. It cannot change under the same name. */
  readonly type: EventType;
  /** How often it is collected: whole minutes, hours or days, up to `'7 days'`. Default `'5 minutes'`. Not together with `cron`. */
  readonly every?: string;
  /** When it is collected, as the six fields of an EventBridge Scheduler cron line: `'0 6 ? * MON-FRI *'`. */
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
   * `'5 seconds'` to `'60 seconds'`. Needs `every: '1 minute'`, or a `cron` of every minute. Default: not.
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
