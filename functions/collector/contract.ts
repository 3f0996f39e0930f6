import * as z from 'zod/mini';

/**
 * All that `infra/` may know of the collector: the settings it needs, the tasks it performs, and the metrics
 * it emits. One bundle serves every stream; these values say which.
 */

export const eventTypes = ['cis', 'admin', 'risk', 'verify'] as const;
export type EventType = (typeof eventTypes)[number];

/** The file beside the function's code that holds the stage's compiled views, by their labels. */
export const bundledViewsFile = 'views.json';

/** The event that a schedule sends. */
export const collectorEvent = z.object({ task: z.enum(['collect', 'sweep', 'compare']) });
export type CollectorEvent = z.infer<typeof collectorEvent>;

/** The clock of a receiver. Durations are in seconds. */
const receiverAges = z.object({
  /** The receiver takes no event that is older than this on arrival. */
  past: z.int().check(z.positive()),
  /** The receiver takes no event that is dated further ahead than this. */
  future: z.optional(z.int().check(z.positive())),
  /** The receiver's treatment of every other event. */
  otherwise: z.enum(['refuses-request', 'drops', 're-dates']),
  /** The longest time that an event may spend in the delivery stream: its buffer, and its retries. */
  underWay: z.int().check(z.minimum(0)),
  /** True where a late event is not sent. */
  hold: z.boolean(),
});

/** One destination, as the collector sees it: line format and packing follow from its kind, in `infra/destinations/`. */
const collectorDestination = z.object({
  /** Unique within the stream; part of item attributes and metric dimensions. */
  name: z.string().check(z.regex(/^[A-Za-z0-9-]{1,32}$/)),
  kind: z.string(),
  deliveryStream: z.string(),
  /** A name in `formats/`. */
  format: z.string(),
  /** Options of the format, such as Splunk's index. */
  formatOptions: z.optional(z.record(z.string(), z.string())),
  /** `lines`: many newline-ended events a record; `single`: one event a record, no newline. */
  packing: z.enum(['lines', 'single']),
  /** True where each record is a gzip member of its own. */
  compressRecords: z.optional(z.boolean()),
  /** MiB/s that Firehose accepts for this delivery stream; the sweep takes at most half. */
  quotaMiBPerSecond: z.number().check(z.positive()),
  /** `<name>@<8 hex>`: its view and the view's digest. Absent where it sees everything. The compiled view lies beside the code. */
  view: z.optional(z.string()),
  /**
   * The beginning of its delivery metrics' names, such as `DeliveryToS3`. `relay status` and the dashboard read
   * those metrics.
   */
  deliveryMetrics: z.string(),
  /** How old and how new an event the receiver takes. Absent where no limit is known: no timestamp is read then. */
  ages: z.optional(receiverAges),
});
export type CollectorDestination = z.infer<typeof collectorDestination>;

/** A witness's settings about its primary, the stream that it watches over. */
const witnessOf = z.object({
  /** The primary's stable name here. */
  name: z.string(),
  /** Mosaic's id of the primary. */
  streamId: z.string(),
  batchSize: z.int().check(z.minimum(1), z.maximum(1000)),
  /** Names of the primary's destinations, which recovered events are delivered to. */
  destinations: z.array(z.string()),
  /** `detect` counts the events that the primary has missed; `recover` has them delivered too. */
  mode: z.enum(['detect', 'recover']),
});
export type WitnessOf = z.infer<typeof witnessOf>;

const wholeNumber = (minimum: number, maximum: number) =>
  z.int().check(z.minimum(minimum), z.maximum(maximum));

/**
 * The stream's settings that a collector gets unchanged, each under its name and in its unit of
 * `infra/config/stream-settings.ts`. A duration is a number of seconds.
 */
export const collectorStreamSettings = {
  name: z.string(),
  /** A renamed stream's new name, which people read; everything stored has `name`. */
  label: z.optional(z.string()),
  id: z.string(),
  type: z.enum(eventTypes),
  pullUrl: z.optional(z.url()),
  batchSize: wholeNumber(1, 1000),
  timeout: wholeNumber(30, 900),
  collectTimeout: wholeNumber(5, 300),
  emptyAnswersToStop: wholeNumber(1, 20),
  pollWithin: wholeNumber(0, 60),
  autoReopen: z.boolean(),
  retention: z.optional(wholeNumber(1, 31)),
  enrichment: z.boolean(),
  /** Makes this collector a witness, which performs `compare` too. */
  witnessOf: z.optional(witnessOf),
} as const;

/** The stage's settings that a collector gets unchanged, from `infra/config/settings.ts`. */
export const collectorStageSettings = {
  mosaicUrl: z.url(),
  apiVersion: z.string(),
  resource: z.optional(z.string()),
  secret: z.string(),
} as const;

/** The settings of a collector. */
export const collectorSettings = z.object({
  /** The stage's name. */
  stage: z.string(),
  ...collectorStageSettings,
  ...collectorStreamSettings,
  /** Name of the table of the streams' metadata. */
  table: z.string(),
  /** Name of the journal's bucket. */
  bucket: z.string(),
  /** Seconds from one collect tick to the next; of a schedule whose ticks are unevenly spaced, the longest. */
  interval: wholeNumber(1, 31 * 86_400),
  /** Days that records of runs are kept: the journal's lifetime and 7 days. */
  recordDays: wholeNumber(1, 3657),
  /** The stage's setting, or less where the stream's memory does not allow it. */
  wireCapMiB: wholeNumber(1, 256),
  decompressedCapMiB: wholeNumber(1, 256),
  /** Empty for a witness, which is only journaled. */
  destinations: z.array(collectorDestination),
  /** `<group>/<name>` of the schedule that collects; a sweep tells whether it is off. Absent: nobody asks. */
  collectSchedule: z.optional(z.string().check(z.regex(/^[0-9A-Za-z_.-]+\/[0-9A-Za-z_.-]+$/))),
});
export type CollectorSettings = z.infer<typeof collectorSettings>;

/** The environment: one variable with the settings as JSON. */
export const collectorEnvironment = z.object({
  SETTINGS: z.pipe(
    z.pipe(
      z.string(),
      z.transform((text, context) => {
        try {
          return JSON.parse(text) as unknown;
        } catch {
          context.issues.push({ code: 'custom', message: 'is not JSON', input: text });
          return z.NEVER;
        }
      }),
    ),
    collectorSettings,
  ),
});

/** The whole set of every metric's dimensions. CloudWatch tells metrics apart by the whole set. */
export const collectorDimensions = ['Stage', 'Stream'] as const;

/**
 * Every metric the collector emits of a stream, at most once per run, with its unit: never more than 24. CloudWatch
 * bills a metric by the hours in which it is sent, so a healthy stream sends as few as its alarms need; the log and
 * `RUN#` have batches, bytes and latencies.
 */
export const collectorMetrics = {
  EventsCollected: 'Count',
  /**
   * Age of the newest collected event while there is a backlog. 0 from a run that was drained, unless it found nothing
   * and the run before was drained too. Absent when there was nothing to tell.
   */
  EventLag: 'Seconds',
  /** 1 when a run ended before the stream was drained, else 0. */
  BacklogRemaining: 'Count',
  /** 1 or 0 for every collect run, one without events included. */
  RunSucceeded: 'Count',
  OverlapSkipped: 'Count',
  /** Batches, at most, that may have been consumed and not journaled. */
  PossibleLoss: 'Count',
  StreamReopened: 'Count',
  CredentialRefused: 'Count',
  /** Runs that ended because Mosaic gave the same non-empty answer five times in a row. */
  SourceRepeats: 'Count',
  /** Events, of a sample, whose activity no document names. */
  UnknownActivity: 'Count',
  /** Members of a sample of events, and of their additional parameters, that no document names. */
  UnknownMember: 'Count',
  Quarantined: 'Count',
  RecordsRefused: 'Count',
  /** Batches that a sweep delivered. */
  Swept: 'Count',
  /** Age of the oldest batch that a destination of the settings has not got. The stream lifecycle emits the first 0. */
  OldestUndelivered: 'Seconds',
  /** Age of the oldest batch that is owed to removed destinations alone: told by every sweep while there is one. */
  OldestOwedToRemoved: 'Seconds',
  /** Objects in quarantine, and of what Firehose gave up, that nobody has replayed yet; absent when there is none. */
  WaitingForOperator: 'Count',
  /**
   * From the end of the last run, or a later change of the collect schedule, to the sweep that tells, and 1 at least; 0
   * while the stream is paused by `relay pause`, absent where its schedule is gone. The stream lifecycle emits the first
   * 0 of a new stream.
   */
  SinceLastRun: 'Seconds',
  /** 1 while the collect schedule is off; told by sweeps. */
  Paused: 'Count',
  /** Distinct events of the hours that a witness compared; told by the witness, with the primary's name as `Stream`. */
  WitnessCompared: 'Count',
  /** Those of the compared events that the primary's journal did not hold. */
  WitnessMissing: 'Count',
  /** Those of the missing events that were added to the primary's journal. */
  WitnessRecovered: 'Count',
  /** Hours in which so much was missing that the two streams cannot be copies; nothing was recovered. */
  WitnessIncomparable: 'Count',
} as const;
export type CollectorMetric = keyof typeof collectorMetrics;

/** Every metric's whole set of dimensions that the collector emits of one destination. */
export const collectorDestinationDimensions = ['Stage', 'Stream', 'Destination'] as const;

/** The metrics of a destination. The collector emits none of value 0. */
export const collectorDestinationMetrics = {
  /** Events that were too old or too new for the receiver when they were delivered, sent or not. */
  LateForDestination: 'Count',
  /** Events that the destination's view left out. */
  EventsDropped: 'Count',
  /** Events that went to a destination with a view; told as 0 beside dropped events. */
  EventsSeen: 'Count',
  /** Events that the destination's view could not be made of; they are in the journal, and not at the destination. */
  ViewRefused: 'Count',
  /** Events of activities that the table of the destination's shape does not know: written with everything in `unmapped`. */
  UnmappedActivity: 'Count',
  /** Objects with records that Firehose gave up, and that nobody has replayed yet: emitted by sweeps. */
  GivenUp: 'Count',
  /**
   * Events that the destination's receiver has not got and that go no further by themselves, or by sweeps alone: batches
   * that runs left, quarantine, and what Firehose gave up. Emitted by sweeps. What Firehose and a copier's queue hold is in the
   * metrics of AWS.
   */
  Waiting: 'Count',
  /** Age of the oldest of them. */
  WaitingAge: 'Seconds',
} as const;
export type CollectorDestinationMetric = keyof typeof collectorDestinationMetrics;

export const collectorStageDimensions = ['Stage'] as const;

/** Metrics that every collector of a stage adds to, so that one alarm watches them for any number of streams. */
export const collectorStageMetrics = {
  /** Bytes put to delivery streams as Firehose bills them: each record rounded up to 5 KiB. */
  BytesBilled: 'Bytes',
  /** The sum of `UnknownActivity` and `UnknownMember`. */
  UnknownNames: 'Count',
} as const;
export type CollectorStageMetric = keyof typeof collectorStageMetrics;
