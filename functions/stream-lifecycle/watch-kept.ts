import { shownFailure } from '../shown-failure.ts';
import { backupDestinationFolder, readBackupKey } from '../stored/backup-key.ts';
import { deliveredDestinationFolder } from '../stored/delivered-key.ts';
import { keptLogsNameOf } from '../stored/delivery-logs-name.ts';
import { isWrittenBy } from '../stored/delivery-stream-name.ts';
import type { KeptDelivery } from '../stored/kept-delivery.ts';
import { s3RetryMs } from './contract.ts';
import type { KeptPorts, WriteFailure } from './ports.ts';

/** A kept delivery stream, and what has not reached its receiver as far as this function can see. */
export interface WatchedKept {
  readonly deliveryStream: string;
  /** Objects that were told to the copier's queue in this pass. */
  readonly told: number;
  readonly queued: number;
  readonly deadLetters: number;
  /** Objects in the backup folder, which Firehose has given up. */
  readonly givenUp: number;
  /** The first write to S3 that failed since the removal, and within a day; absent where none did. */
  readonly failing?: WriteFailure;
  /** Why it could not be looked at; absent where it could. */
  readonly trouble?: string;
}

/** S3 dates a large object by the beginning of its upload, and lists it from the end on. */
const uploadMs = 5 * 60_000;

/** Messages that are sent side by side: a busy destination writes thousands of objects within the first hours. */
const atOnce = 25;

/**
 * Looks at every kept delivery stream. The bucket tells a copier's queue of no object any more, once the destination has
 * left the settings: this function lists what Firehose has written since the look before, and tells the queue. It does so
 * for as long as there is a note: an object that came later than Firehose's documents allow would else never be copied.
 */
export async function watchKept(ports: KeptPorts): Promise<readonly WatchedKept[]> {
  const watched: WatchedKept[] = [];
  for (const kept of await ports.kept.list()) watched.push(await watchOne(kept, ports));
  return watched;
}

/**
 * Looks at every kept delivery stream, and emits how many are waiting: nothing where none is kept, and 1 where the look
 * fails, since without a value the alarm would say that all is well.
 */
export async function countWaiting(
  ports: KeptPorts,
  emit: (waiting: number) => void,
): Promise<readonly WatchedKept[]> {
  const watched = await watchKept(ports).catch((error: unknown) => {
    emit(1);
    throw error;
  });
  if (watched.length > 0) emit(watched.filter(isWaiting).length);
  return watched;
}

/** True where somebody has to act, or nobody can say. */
export function isWaiting({ queued, deadLetters, givenUp, failing, trouble }: WatchedKept): boolean {
  return queued + deadLetters + givenUp > 0 || failing !== undefined || trouble !== undefined;
}

async function watchOne(kept: KeptDelivery, ports: KeptPorts): Promise<WatchedKept> {
  const { deliveryStream, queueUrl, deadLetterUrl } = kept;
  const nothing = { deliveryStream, told: 0, queued: 0, deadLetters: 0, givenUp: 0 };
  try {
    const failing = await firstFailure(kept, ports);
    return {
      deliveryStream,
      told: queueUrl === undefined ? 0 : await tellQueue(kept, queueUrl, ports),
      queued: await depthOf(queueUrl, ports),
      deadLetters: await depthOf(deadLetterUrl, ports),
      givenUp: await countGivenUp(kept, ports),
      ...(failing === undefined ? {} : { failing }),
    };
  } catch (error) {
    // One that cannot be looked at must not hide the others. It counts as waiting, and its reason is logged.
    return { ...nothing, trouble: shownFailure(error) };
  }
}

/**
 * A write that failed longer than a day ago was repeated until it succeeded, or its events are lost: neither waits. The
 * failures of before the removal were told by the destination's own alarms.
 */
async function firstFailure(
  kept: KeptDelivery,
  { logs, stage, now }: KeptPorts,
): Promise<WriteFailure | undefined> {
  return logs.firstFailure(keptLogsNameOf(stage, kept), Math.max(kept.removedAt, now() - s3RetryMs));
}

/** @returns how many objects the queue was told of */
async function tellQueue(
  kept: KeptDelivery,
  queueUrl: string,
  { kept: register, objects, queues, now }: KeptPorts,
): Promise<number> {
  const until = now() - uploadMs;
  if (until <= kept.toldUntil || (await queues.depth(queueUrl)) === undefined) return 0;
  const missing: { readonly key: string; readonly createdAt: number }[] = [];
  for await (const { key, modifiedAt } of objects.list(deliveredDestinationFolder(kept))) {
    if (!isWrittenBy(kept.deliveryStream, key) || modifiedAt <= kept.toldUntil || modifiedAt > until)
      continue;
    missing.push({ key, createdAt: modifiedAt });
  }
  for (let at = 0; at < missing.length; at += atOnce)
    await Promise.all(missing.slice(at, at + atOnce).map((object) => queues.tell(queueUrl, object)));
  await register.told(kept, until);
  return missing.length;
}

async function depthOf(url: string | undefined, { queues }: KeptPorts): Promise<number> {
  return url === undefined ? 0 : ((await queues.depth(url)) ?? 0);
}

async function countGivenUp(kept: KeptDelivery, { objects }: KeptPorts): Promise<number> {
  let count = 0;
  for await (const { key } of objects.list(backupDestinationFolder(kept)))
    if (isWrittenBy(kept.deliveryStream, key) && readBackupKey(key)?.isCopy === false) count += 1;
  return count;
}
