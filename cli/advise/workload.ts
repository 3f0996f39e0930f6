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
  /** CPU of one full batch at one vCPU that is not spent while waiting for an answer. */
  readonly cpuMs: number;
}

export const usualTiming: Timing = { collectMs: 150, journalMs: 30, cpuMs: 10 };

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

/** What one batch takes: a collect, a PUT, and the CPU's share of it. */
function batchMs(plan: Plan, timing: Timing): number {
  return timing.collectMs + timing.journalMs + timing.cpuMs / Math.min(1, plan.memoryMb / vcpuMb);
}

/** Events per second that one reader can draw with full answers. */
export function readerLimit(plan: Plan, timing: Timing): number {
  return (plan.batchSize * 1_000) / batchMs(plan, timing);
}

/** @see AWS Lambda developer guide, "Configure Lambda function memory" */
const vcpuMb = 1_769;
