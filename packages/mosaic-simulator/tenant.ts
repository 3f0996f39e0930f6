import { type EventType, eventTypes } from './event-types.ts';
import type { NewStream, Read, Stream } from './stream.ts';
import { createTopic, type Topic } from './topic.ts';

/**
 * One tenant's topics and streams. A stream is a copy of its own of what is raised from its creation on; reading
 * moves it forward, for good.
 */
export interface Tenant {
  readonly topics: Readonly<Record<EventType, Topic>>;
  /** Types whose collection was started. */
  readonly started: ReadonlySet<EventType>;
  /** Every stream there ever was, the deleted ones too, in the order of their creation. */
  readonly streams: readonly Stream[];
  /** False when it was started already. */
  startCollect(type: EventType): boolean;
  /** Deletes every stream of the type as well. */
  stopCollect(type: EventType, now: number): void;
  createStream(options: NewStream): 'created' | 'exists' | 'over-quota';
  findStream(type: EventType, id: string): Stream | undefined;
  deleteStream(stream: Stream, now: number): void;
}

export function createTenant(streamQuota: number, now: () => number): Tenant {
  const topics = Object.fromEntries(eventTypes.map((type) => [type, createTopic(now)])) as Record<
    EventType,
    Topic
  >;
  const started = new Set<EventType>();
  const streams: Stream[] = [];
  const open = () => streams.filter(({ deletedAt }) => deletedAt === undefined);

  const tenant: Tenant = {
    topics,
    started,
    streams,
    startCollect(type) {
      const isNew = !started.has(type);
      started.add(type);
      return isNew;
    },
    stopCollect(type, now) {
      started.delete(type);
      for (const stream of open()) if (stream.type === type) tenant.deleteStream(stream, now);
    },
    createStream({ now, ...options }) {
      if (tenant.findStream(options.type, options.id) !== undefined) return 'exists';
      if (open().length >= streamQuota) return 'over-quota';
      const start = topics[options.type].length;
      streams.push({
        ...options,
        createdAt: now,
        start,
        next: start,
        returned: [],
        deletedAt: undefined,
        end: undefined,
        reads: [],
        lastAnswer: undefined,
      });
      return 'created';
    },
    findStream: (type, id) => open().find((stream) => stream.type === type && stream.id === id),
    deleteStream(stream, now) {
      const end = topics[stream.type].length;
      const waiting: [number, number][] = [...toRanges(stream.returned), [stream.next, end]];
      stream.reads.push({ call: 0, at: now, ranges: waiting, fate: 'lost', cause: 'stream-deleted' });
      stream.deletedAt = now;
      stream.end = end;
    },
  };
  return tenant;
}

/** Takes up to `limit` events off the stream, what is to come again first; what is too old is dropped on the way. */
export function take(
  stream: Stream,
  topic: Topic,
  { limit, now }: { readonly limit: number; readonly now: number },
): number[] {
  dropExpired(stream, topic, now);
  const taken = stream.returned.splice(0, limit);
  const more = Math.min(limit - taken.length, topic.length - stream.next);
  for (let step = 0; step < more; step += 1) taken.push(stream.next + step);
  stream.next += more;
  return taken;
}

/** Makes what a read took come again. */
export function giveBack(stream: Stream, read: Read): void {
  for (const [from, to] of read.ranges) {
    for (let index = from; index < to; index += 1) stream.returned.push(index);
  }
}

/** How many events are waiting. */
export function backlogOf(stream: Stream, topic: Topic): number {
  return stream.deletedAt === undefined ? stream.returned.length + topic.length - stream.next : 0;
}

/** When the first stream was created that may have taken this one's place: a later one of the same type. */
export function replacedAt({ streams }: Pick<Tenant, 'streams'>, stream: Stream): number | undefined {
  const later = streams.slice(streams.indexOf(stream) + 1);
  return later.find(({ type }) => type === stream.type)?.createdAt;
}

/** Ascending pairs [from, to) that hold exactly these numbers. */
export function toRanges(indexes: readonly number[]): [number, number][] {
  const ranges: [number, number][] = [];
  for (const index of [...new Set(indexes)].sort((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last?.[1] === index) last[1] = index + 1;
    else ranges.push([index, index + 1]);
  }
  return ranges;
}

function dropExpired(stream: Stream, topic: Topic, now: number): void {
  const gone = topic.raisedBy(now - stream.retentionMs);
  const expired = stream.returned.filter((index) => index < gone);
  for (let index = stream.next; index < gone; index += 1) expired.push(index);
  if (expired.length === 0) return;
  stream.returned = stream.returned.filter((index) => index >= gone);
  stream.next = Math.max(stream.next, gone);
  stream.reads.push({ call: 0, at: now, ranges: toRanges(expired), fate: 'expired', cause: 'retention' });
}
