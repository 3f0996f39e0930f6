/** What comes, as far as cost depends on it. */
export interface Load {
  /** On average, above 0. */
  readonly eventsPerSecond: number;
  readonly eventBytes: number;
}

/** How it is collected and where it goes. */
export interface Plan {
  readonly everySeconds: number;
  /** 1..1000 */
  readonly batchSize: number;
  readonly memoryMb: number;
  /** What the largest answer that it accepts needs; absent where that is not known. */
  readonly leastMemoryMb?: number;
  /** When Lambda ends a run. */
  readonly timeoutSeconds: number;
  readonly destinations: readonly PlannedDestination[];
}

export interface PlannedDestination {
  readonly name: string;
  /** `lines`: many events a Firehose record; `single`: one. */
  readonly packing: 'lines' | 'single';
  /** Each record a gzip member. */
  readonly compressed: boolean;
  /** Only plain S3 takes compressed records. */
  readonly compressible: boolean;
  /** Of its delivery stream. */
  readonly quotaMiBPerSecond: number;
  /** What a line has beyond its event. */
  readonly lineOverheadBytes: number;
  /** Whether delivery leaves AWS, which is billed as egress. */
  readonly leavesAws: boolean;
}

/** Milliseconds of one call or one batch. */
export interface Timing {
  readonly collectMs: number;
  readonly journalMs: number;
  /** Of a batch beside these two waits: reading, compressing, sending. */
  readonly betweenMs: number;
  /** CPU of one full batch at a whole vCPU, most of it spent while an answer is awaited. */
  readonly cpuMs: number;
}

/**
 * The last two by `npm run bench`, full batches of 1.5 KB events: at the CPU share of 512 MB one stream has 91 % of
 * the ideal of these latencies, 1,000 events per 180 ms, so 18 ms a batch come on top; and 15.8 CPU-seconds a million.
 *
 * @see ../../bench/results/2026-11-22.json
 */
export const usualTiming: Timing = { collectMs: 150, journalMs: 30, betweenMs: 18, cpuMs: 15.8 };

/** `,"_relay":{"type":"risk","stream":"relay-risk","id":"…32…","collected_at":"…24…"}` and the line feed. */
export const relayLineBytes = 131;
/** Plain S3 with the defaults of the settings. */
export const packedS3: PlannedDestination = {
  name: 's3',
  packing: 'lines',
  compressed: false,
  compressible: true,
  quotaMiBPerSecond: 1,
  lineOverheadBytes: relayLineBytes,
  leavesAws: false,
};

/** Splunk's envelope with its metadata and fields. */
export const splunkEnvelopeBytes = 330;

/** What one collect run does on average. */
export interface RunShape {
  readonly events: number;
  /** Answers that are not empty. */
  readonly batches: number;
  /** 0..1, of the batch size. */
  readonly fullness: number;
  /** From its start until the last batch is journaled and delivered. */
  readonly seconds: number;
}

/** Empty answers that end a run, by default. */
const emptyAnswers = 2;
/** The lease, `OPEN`, `RUN#` and their like, each a call of a few milliseconds. */
const runOverheadSeconds = 0.1;

export function shapeOfRun(load: Load, plan: Plan, timing: Timing): RunShape {
  const events = load.eventsPerSecond * plan.everySeconds;
  // Below one event a run, the rest of the runs finds nothing.
  const batches = events < 1 ? 1 - Math.exp(-events) : Math.ceil(events / plan.batchSize);
  const seconds =
    runOverheadSeconds +
    (batches * batchMs(plan, timing)) / 1_000 +
    (emptyAnswers * timing.collectMs) / 1_000;
  const fullness = batches === 0 ? 0 : events / (batches * plan.batchSize);
  return { events, batches, fullness, seconds };
}

/** A collect and a PUT with what lies between them; the CPU binds only where answers come faster than its share works. */
function batchMs({ memoryMb }: Plan, { collectMs, journalMs, betweenMs, cpuMs }: Timing): number {
  return Math.max(collectMs + journalMs + betweenMs, cpuMs / Math.min(1, memoryMb / vcpuMb));
}

/** Events per second that one reader can draw with full answers. */
export function readerLimit(plan: Plan, timing: Timing): number {
  return (plan.batchSize * 1_000) / batchMs(plan, timing);
}

/** @see AWS Lambda developer guide, "Configure Lambda function memory" */
const vcpuMb = 1_769;
