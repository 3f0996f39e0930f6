import {
  listsPerSweep,
  logBytesPerRun,
  readsPerSweep,
  sweepSeconds,
  writesPerRun,
} from '../../infra/config/idle-work.ts';
import { gigabyte, prices, secondsPerMonth } from '../../infra/config/prices.ts';
import { objectCost } from './delivered-objects.ts';
import {
  compression,
  type Load,
  type Plan,
  type PlannedDestination,
  type RunShape,
  shapeOfRun,
  type Timing,
} from './workload.ts';

/**
 * Dollars a month of one stream. `total` is the price of the relay's own work; the other members stand apart from
 * it.
 */
export interface MonthlyCost {
  readonly firehose: number;
  readonly lambda: number;
  readonly dynamoDb: number;
  readonly scheduler: number;
  readonly logs: number;
  readonly journalRequests: number;
  /** Firehose's requests for the objects that it writes to S3. */
  readonly objectRequests: number;
  readonly copiers: number;
  readonly total: number;
  readonly apart: {
    readonly journalStorage: number;
    /** Of one month's objects, for each month that they are kept. */
    readonly objectStorage: number;
    readonly kmsKey: number;
    readonly egress: number;
  };
}

export function monthlyCost(load: Load, plan: Plan, timing: Timing): MonthlyCost {
  const run = shapeOfRun(load, plan, timing);
  const runs = secondsPerMonth / plan.everySeconds;
  const gb = plan.memoryMb / 1_024;
  const events = load.eventsPerSecond * secondsPerMonth;
  const deliveredGb = (destination: PlannedDestination) =>
    (events * (load.eventBytes + destination.lineOverheadBytes)) / gigabyte;

  const firehose =
    sum(plan.destinations, (each) => billedBytesPerRun(run, load, each)) *
    runs *
    (prices.firehosePerGb / gigabyte);
  const lambda =
    (runs * busySeconds(run, plan) + sweeps * sweepSeconds) * gb * prices.lambdaPerGbSecond +
    (runs + sweeps) * prices.lambdaPerRequest;
  // `done` is written every 30 s of a run for each destination.
  const progressWrites = Math.floor(run.seconds / 30) * plan.destinations.length;
  const dynamoDb =
    runs * (writesPerRun + progressWrites) * prices.dynamoDbPerWrite +
    sweeps * readsPerSweep * prices.dynamoDbPerRead;
  const scheduler = (runs + sweeps) * prices.schedulerPerInvocation;
  const logBytes = runs * logBytesPerRun(plan.destinations.length) + sweeps * logBytesPerRun(0);
  const logs = (logBytes / gigabyte) * prices.logsPerGb;
  const journalRequests = runs * run.batches * prices.s3PerPut + sweeps * listsPerSweep * prices.s3PerList;
  const objects = plan.destinations.map((each) => objectCost(each, { load, plan, run }));
  const objectRequests = sum(objects, ({ requests }) => requests);
  const copiers = sum(objects, ({ copier }) => copier);
  return {
    firehose,
    lambda,
    dynamoDb,
    scheduler,
    logs,
    journalRequests,
    objectRequests,
    copiers,
    total: firehose + lambda + dynamoDb + scheduler + logs + journalRequests + objectRequests + copiers,
    apart: {
      journalStorage:
        ((events * load.eventBytes) / compression / gigabyte) * journalMonths * prices.s3PerGbMonth,
      objectStorage: sum(objects, ({ storage }) => storage),
      kmsKey: prices.kmsKeyPerMonth,
      egress: sum(plan.destinations, (each) => each.egressPerByte * deliveredGb(each)) * prices.egressPerGb,
    },
  };
}

/** Dollars per million events, for everything in `total`. */
export function dollarsPerMillion(load: Load, plan: Plan, timing: Timing): number {
  const events = load.eventsPerSecond * secondsPerMonth;
  return (monthlyCost(load, plan, timing).total / events) * 1e6;
}

/**
 * Busy seconds of one interval. A run that outlasts the interval keeps the next one from beginning, and so does a
 * sweep.
 */
function busySeconds(run: RunShape, { everySeconds }: Plan): number {
  return Math.min(everySeconds, run.seconds) + Math.min(everySeconds, run.sweepSeconds);
}

/**
 * Bytes that Firehose bills for a run. Firehose rounds each record up to 5 KB: on average half a step is lost on
 * the last record of a batch.
 */
function billedBytesPerRun(
  { events, batches }: { readonly events: number; readonly batches: number },
  { eventBytes }: Load,
  destination: PlannedDestination,
): number {
  const line = eventBytes + destination.lineOverheadBytes;
  if (destination.packing === 'single') return events * Math.ceil(line / step) * step;
  const packed = events * line * packedRounding;
  return (destination.compressed ? packed / compression : packed) + batches * (step / 2);
}

const step = 5 * 1_024;
/**
 * The rounding's factor for records between 64 and 512 KiB that are cut where least is lost; a test holds it to be
 * no less.
 */
export const packedRounding = 1.01;

/** Sweeps a month: their schedule is every 5 minutes. */
const sweeps = secondsPerMonth / 300;
/** The journal's lifetime of 30 days. */
const journalMonths = 30 / (730 / 24);

function sum<Item>(items: readonly Item[], of: (item: Item) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
