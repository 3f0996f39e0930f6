import { closeBudgetMs, journalBudgetMs } from '../../functions/collector/budgets.ts';
import type { ReceiverLimit } from '../receiver-limit.ts';
import { answersOfRun } from './answers-of-run.ts';

/** The events of a stream, as far as its cost depends on them. */
export interface Load {
  /** On average, above 0. */
  readonly eventsPerSecond: number;
  readonly eventBytes: number;
}

/** How a stream is collected, and its destinations. */
export interface Plan {
  readonly everySeconds: number;
  /** 1..1000 */
  readonly batchSize: number;
  readonly memoryMb: number;
  /** Memory that the largest accepted answer needs; absent if unknown. */
  readonly leastMemoryMb?: number;
  /** Seconds after which Lambda ends a run. */
  readonly timeoutSeconds: number;
  readonly destinations: readonly PlannedDestination[];
}

export interface PlannedDestination {
  readonly name: string;
  /** `lines`: many events a Firehose record; `single`: one. */
  readonly packing: 'lines' | 'single';
  /** True where each record is a gzip member. */
  readonly compressed: boolean;
  /** True where records may be compressed, since they end in objects of S3. */
  readonly compressible: boolean;
  /** The quota of the destination's delivery stream. */
  readonly quotaMiBPerSecond: number;
  /** Bytes of a line beyond its event. */
  readonly lineOverheadBytes: number;
  /** Bytes that leave AWS, and are billed as egress, for each byte of lines; 0 where delivery stays in AWS. */
  readonly egressPerByte: number;
  /** The objects that Firehose writes to S3; absent where it writes only what its receiver refuses. */
  readonly objects?: PlannedObjects;
  /** Absent where its receiver takes events of any age. */
  readonly limit?: ReceiverLimit;
}

/** The objects that Firehose writes to S3 for one destination, as far as their cost depends on them. */
export interface PlannedObjects {
  /** MiB of records that Firehose holds at most before it writes an object. */
  readonly bufferMiB: number;
  /** Seconds that it holds them at most. */
  readonly bufferSeconds: number;
  /** The receiver that an object copier takes each object on to; absent where S3 is the destination itself. */
  readonly copiedTo?: 'gcs' | 'azure-logs';
}

/** Milliseconds of one call or one batch. */
export interface Timing {
  readonly collectMs: number;
  readonly journalMs: number;
  /** The rest of a batch's time beside these two waits: reading, compressing, sending. */
  readonly betweenMs: number;
  /** CPU of one full batch at a whole vCPU, most of it spent while an answer is awaited. */
  readonly cpuMs: number;
}

/**
 * The usual timing. `betweenMs` and `cpuMs` are by `npm run bench`, with full batches of 1.5 KB events. At the CPU
 * share of 512 MB one stream has 91 % of the ideal of these latencies, 1,000 events per 180 ms, so 18 ms a batch
 * come on top; a million events take 15.8 CPU-seconds.
 *
 * @see ../../lab/bench/results/2026-11-22.json
 */
export const usualTiming: Timing = { collectMs: 150, journalMs: 30, betweenMs: 18, cpuMs: 15.8 };

/** `,"_relay":{"type":"risk","stream":"relay-risk","stage":"prod","id":"…32…","collected_at":"…24…"}` and the line feed. */
export const relayLineBytes = 146;
/** S3 with plain records, and else with the defaults of the settings. */
export const packedS3: PlannedDestination = {
  name: 's3',
  packing: 'lines',
  compressed: false,
  compressible: true,
  quotaMiBPerSecond: 1,
  lineOverheadBytes: relayLineBytes,
  egressPerByte: 0,
  objects: { bufferMiB: 64, bufferSeconds: 60 },
};

/** Splunk's envelope with its metadata and fields. */
export const splunkEnvelopeBytes = 350;

/** The averages of one collect run. */
export interface RunShape {
  readonly events: number;
  /** Answers that are not empty: journal objects. */
  readonly batches: number;
  /** 0..1, of the batch size. */
  readonly fullness: number;
  /** Seconds of collecting with full answers, and the few answers that end a run. */
  readonly neededSeconds: number;
  /** Seconds from the start of the run until all its events are delivered, by the run or by sweeps. */
  readonly deliveredSeconds: number;
  /** Seconds for which the function is busy. A run delivers until shortly before its timeout at most. */
  readonly seconds: number;
  /** Seconds of sweeps that deliver the rest of the run. */
  readonly sweepSeconds: number;
}

/** The lease, `OPEN`, `RUN#` and their like, each a call of a few milliseconds. */
const runOverheadSeconds = 0.1;
/**
 * A run ends delivering shortly before its timeout, and earlier it begins no collect that could take the rest of its
 * time.
 */
const closingSeconds = closeBudgetMs / 1_000;
const usualCollectTimeoutSeconds = 60;
const lastCollectSeconds = closingSeconds + usualCollectTimeoutSeconds + journalBudgetMs / 1_000;
/** Empty answers that end a run after its backlog. */
const lastAnswers = 3;

export function shapeOfRun(load: Load, plan: Plan, timing: Timing): RunShape {
  const { everySeconds, batchSize, timeoutSeconds } = plan;
  const events = load.eventsPerSecond * everySeconds;
  const fullMs = batchMs(plan, timing);
  const shortMs = timing.collectMs + timing.journalMs + shortBetweenMs;
  // A short timeout has a short collectTimeout. If a run outlasts its interval, one interval's share is counted.
  const mostSeconds = Math.min(
    everySeconds,
    Math.max(timeoutSeconds - lastCollectSeconds, timeoutSeconds / 4),
  );
  const answers = answersOfRun({
    eventsPerSecond: load.eventsPerSecond,
    everySeconds,
    batchSize,
    fullMs,
    shortMs,
    emptyMs: timing.collectMs,
    mostMs: mostSeconds * 1_000,
  });
  const collectSeconds = runOverheadSeconds + answers.ms / 1_000;
  const first = runOverheadSeconds + (timing.collectMs + timing.journalMs) / 1_000;
  const waits = plan.destinations.map((each) => putSeconds(load, each, { events, last: answers.lastEvents }));
  const deliveredSeconds = Math.max(collectSeconds, ...waits.map((each) => first + each));
  const seconds = Math.min(deliveredSeconds, Math.max(collectSeconds, timeoutSeconds - closingSeconds));
  return {
    events,
    batches: answers.withEvents,
    fullness: answers.withEvents === 0 ? 0 : events / (answers.withEvents * batchSize),
    neededSeconds:
      runOverheadSeconds + (Math.ceil(events / batchSize) * fullMs + lastAnswers * shortMs) / 1_000,
    deliveredSeconds,
    seconds,
    sweepSeconds: deliveredSeconds - seconds,
  };
}

/** Seconds until the last put may be sent. Puts follow each other at the quota, and the first goes at once. */
function putSeconds(
  { eventBytes }: Load,
  destination: PlannedDestination,
  { events, last }: { readonly events: number; readonly last: number },
): number {
  const perEvent = (eventBytes + destination.lineOverheadBytes) / (destination.compressed ? compression : 1);
  const quota = destination.quotaMiBPerSecond * 1024 * 1024;
  return Math.max(0, (events * perEvent) / quota - Math.min(1, (last * perEvent) / quota));
}

/** Measured with Mosaic-like events of 1.5 KB: gzip and zstd at their fastest, 3.4 and more. */
export const compression = 3.4;
/** Time between collect and PUT for an answer of a few events. */
const shortBetweenMs = 2;

/**
 * Milliseconds of one batch: a collect, a PUT and the work between them. The CPU is the limit only where answers
 * come faster than its share can work.
 */
function batchMs({ memoryMb }: Plan, { collectMs, journalMs, betweenMs, cpuMs }: Timing): number {
  return Math.max(collectMs + journalMs + betweenMs, cpuMs / Math.min(1, memoryMb / vcpuMb));
}

/** Events per second that one reader can draw with full answers. */
export function readerLimit(plan: Plan, timing: Timing): number {
  return (plan.batchSize * 1_000) / batchMs(plan, timing);
}

/** @see AWS Lambda developer guide, "Configure Lambda function memory" */
const vcpuMb = 1_769;
