import { gigabyte, prices, secondsPerMonth } from '../../infra/config/prices.ts';
import {
  compression,
  type Load,
  type Plan,
  type PlannedDestination,
  type PlannedObjects,
  type RunShape,
} from './workload.ts';

/** Dollars a month that a destination's objects cost. */
export interface ObjectCost {
  /** Firehose's PUTs, which the bucket's owner pays. */
  readonly requests: number;
  /** The copier's queue, function, reads and logs. */
  readonly copier: number;
  /** A month's objects: for a month where S3 is the destination, and for the journal's lifetime on their way. */
  readonly storage: number;
}

export function objectCost(destination: PlannedDestination, { load, plan, run }: Collected): ObjectCost {
  const { objects } = destination;
  if (objects === undefined) return { requests: 0, copier: 0, storage: 0 };
  const count =
    objectsPerRun(destination, objects, { load, plan, run }) * (secondsPerMonth / plan.everySeconds);
  const lineBytes =
    load.eventsPerSecond * secondsPerMonth * (load.eventBytes + destination.lineOverheadBytes);
  return {
    requests: count * prices.s3PerPut,
    copier: objects.copiedTo === undefined ? 0 : copierCost(objects.copiedTo, count, lineBytes),
    storage: (lineBytes / compression / gigabyte) * prices.s3PerGbMonth,
  };
}

interface Collected {
  readonly load: Load;
  readonly plan: Plan;
  readonly run: RunShape;
}

/** Firehose writes an object when its buffer is full, or when its oldest record has waited so long. */
function objectsPerRun(
  { compressed, lineOverheadBytes }: PlannedDestination,
  { bufferMiB, bufferSeconds }: PlannedObjects,
  { load, plan, run }: Collected,
): number {
  const bytes = (run.events * (load.eventBytes + lineOverheadBytes)) / (compressed ? compression : 1);
  const spans = Math.min(
    Math.max(1, Math.ceil(run.deliveredSeconds / Math.max(1, bufferSeconds))),
    plan.everySeconds / Math.max(1, bufferSeconds),
  );
  // A run may bring no event at all.
  const withEvents = 1 - Math.exp(-run.events);
  return Math.max(spans * withEvents, bytes / (bufferMiB * 1024 * 1024));
}

function copierCost(receiver: 'gcs' | 'azure-logs', objects: number, lineBytes: number): number {
  const calls = receiver === 'gcs' ? objects : lineBytes / azureCallBytes;
  const seconds = objects * readSeconds + calls * callSeconds;
  return (
    objects *
      (queueRequests * prices.sqsPerRequest +
        prices.s3PerGet +
        // The tag of a copied object.
        prices.s3PerPut +
        prices.lambdaPerRequest +
        (copierLogBytes / gigabyte) * prices.logsPerGb) +
    seconds * copierGb * prices.lambdaPerGbSecond
  );
}

/** S3's message is sent, received and deleted. Polling an empty queue is part of the stage's cost at rest. */
const queueRequests = 3;
/** Assumed: reading an object from S3, and one call of the receiver. */
const readSeconds = 0.1;
const callSeconds = 0.2;
const azureCallBytes = 1_000_000;
const copierGb = 1;
/** A line for each copy, a line of metrics, and Lambda's own. */
const copierLogBytes = 1_536;
