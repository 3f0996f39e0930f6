import type { FauxqsServer } from 'fauxqs';
import type { VirtualClock } from '../clock/virtual-clock.ts';

/**
 * How long queues keep their messages, on the run's clock.
 *
 * A message is gone when the retention period of the queue that has it has passed since it was first sent. The move to a
 * dead-letter queue leaves that time as it was.
 * @see SQS developer guide, "Setting-up dead-letter queue retention in Amazon SQS", of standard queues
 */
export interface Retention {
  /** @param seconds absent for SQS's own four days */
  keep(queue: string, seconds: number | undefined): void;
  sent(messageId: string): void;
  /** When it was first sent; now where nobody has told. */
  sentAt(messageId: string): number;
  /** Finds the messages that a queue still has. A message that is gone once is gone for good. */
  left(queue: string): KeptMessages | undefined;
  isGone(messageId: string): boolean;
}

/** Ids of messages. */
export interface KeptMessages {
  readonly ready: readonly string[];
  readonly delayed: readonly string[];
  readonly hidden: readonly string[];
}

export function createRetention(
  fauxqs: Pick<FauxqsServer, 'inspectQueue'>,
  clock: Pick<VirtualClock, 'now'>,
): Retention {
  const periods = new Map<string, number>();
  const sentAt = new Map<string, number>();
  const gone = new Set<string>();
  const firstSent = (id: string): number => sentAt.get(id) ?? clock.now();
  return {
    keep: (queue, seconds = defaultSeconds) => void periods.set(queue, seconds),
    sent: (id) => void sentAt.set(id, clock.now()),
    sentAt: firstSent,
    isGone: (id) => gone.has(id),
    left(queue) {
      const found = fauxqs.inspectQueue(queue)?.messages;
      if (found === undefined) return undefined;
      const endsMs = (periods.get(queue) ?? defaultSeconds) * 1_000;
      const remaining = (messages: readonly { readonly messageId: string }[]): readonly string[] =>
        messages.flatMap(({ messageId: id }) => {
          if (clock.now() - firstSent(id) >= endsMs) gone.add(id);
          return gone.has(id) ? [] : [id];
        });
      return {
        ready: remaining(found.ready),
        delayed: remaining(found.delayed),
        hidden: remaining(found.inflight.map(({ message }) => message)),
      };
    },
  };
}

/** @see SQS API reference, "CreateQueue", MessageRetentionPeriod */
const defaultSeconds = 345_600;

/** Puts the counts of what a queue still has into an answer of `GetQueueAttributes`. */
export function withCounts(body: string, left: KeptMessages | undefined): string {
  const answered = JSON.parse(body) as { Attributes?: Record<string, string> };
  const { Attributes: attributes } = answered;
  if (left === undefined || attributes === undefined) return body;
  const counts = { '': left.ready, Delayed: left.delayed, NotVisible: left.hidden };
  for (const [suffix, messages] of Object.entries(counts)) {
    const name = `ApproximateNumberOfMessages${suffix}`;
    if (name in attributes) attributes[name] = String(messages.length);
  }
  return JSON.stringify(answered);
}
