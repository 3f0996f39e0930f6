import { type CreatedObject, readNotification } from './notification.ts';
import type { Clock, DeadLetters, ObjectSink, ObjectSource, Poison, SinkOutcome } from './ports.ts';

/** One message of the queue, as the event source hands it over. */
export interface QueueMessage {
  readonly messageId: string;
  readonly body: string;
}

export interface CopyPorts {
  readonly source: ObjectSource;
  readonly sink: ObjectSink;
  readonly deadLetters: DeadLetters;
  readonly clock: Pick<Clock, 'now'>;
  /** The only bucket that a message may name. */
  readonly bucket: string;
  /** Aborts early enough for the invocation to answer. */
  readonly signal: AbortSignal;
}

export interface CopiedMessage {
  readonly messageId: string;
  /** One outcome for each object that the message names; empty for a test event. */
  readonly objects: readonly CopiedObject[];
  /** True where the message stays in the queue. */
  readonly failed: boolean;
  readonly deadLettered: boolean;
}

export interface CopiedObject {
  readonly key?: string;
  readonly outcome: SinkOutcome;
  /** Size of the stored object; 0 where nothing was stored. */
  readonly bytes: number;
  /** Why a copied object could not be marked as such, so that nothing deletes it once its destination is removed. */
  readonly unmarked?: string | undefined;
  /** Time from the object's creation to its copy. */
  readonly lagMs?: number;
}

/**
 * Copies the objects that each message names, one after the other, so that memory holds one at a time. No
 * message's outcome touches another message: a busy or refused one stays in the queue, poison goes to the
 * dead-letter queue, and a message for which no time is left stays in the queue untried.
 */
export async function copyBatch(
  messages: readonly QueueMessage[],
  ports: CopyPorts,
): Promise<readonly CopiedMessage[]> {
  const copied: CopiedMessage[] = [];
  for (const message of messages) copied.push(await copyMessage(message, ports));
  return copied;
}

async function copyMessage(message: QueueMessage, ports: CopyPorts): Promise<CopiedMessage> {
  const created = readNotification(message.body);
  const objects: CopiedObject[] = [];
  if ('kind' in created) objects.push({ outcome: created, bytes: 0 });
  else for (const object of created) objects.push(await copyObject(object, ports));

  const failed = objects.some(({ outcome }) => outcome.kind === 'busy' || outcome.kind === 'refused');
  const poison = objects
    .map(({ outcome }) => outcome)
    .find((outcome): outcome is Poison => outcome.kind === 'poison');
  if (failed || poison === undefined) {
    return { messageId: message.messageId, objects, failed, deadLettered: false };
  }
  const sent = await ports.deadLetters.send(message.body, poison.reason);
  if (sent.kind === 'kept')
    return { messageId: message.messageId, objects, failed: false, deadLettered: true };
  objects.push({ outcome: sent, bytes: 0 });
  return { messageId: message.messageId, objects, failed: true, deadLettered: false };
}

async function copyObject(object: CreatedObject, ports: CopyPorts): Promise<CopiedObject> {
  const { key, createdAt } = object;
  if (object.bucket !== ports.bucket) {
    return { key, outcome: foreign(object.bucket, ports.bucket), bytes: 0 };
  }
  if (ports.signal.aborted) {
    return { key, outcome: { kind: 'busy', message: 'No time was left to copy it.' }, bytes: 0 };
  }
  const got = await ports.source.get(key, ports.signal);
  if (got.kind !== 'object') return { key, outcome: got, bytes: 0 };

  const outcome = await ports.sink.put({ key, bytes: got.bytes }, ports.signal);
  if (outcome.kind !== 'stored') return { key, outcome, bytes: 0 };
  // The object is at its receiver. A copy that could not be marked is no reason to send its events again.
  const unmarked = await ports.source.markCopied(key, ports.signal);
  const lagMs = createdAt === undefined ? undefined : Math.max(0, ports.clock.now() - createdAt);
  return { key, outcome, bytes: got.bytes.length, lagMs, unmarked: unmarked?.message };
}

function foreign(named: string, own: string): Poison {
  return {
    kind: 'poison',
    reason: 'foreign-bucket',
    message: `The message names bucket ${named}; this copier reads ${own}.`,
  };
}
