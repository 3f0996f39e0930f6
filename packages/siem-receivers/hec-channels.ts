/** Acknowledgement of what each channel sent: ids count from 0 in every channel. */
export interface HecChannels {
  /** A new id, for a request whose events are held. */
  acknowledgeLater(channel: string): number;
  /** Answers for each id whether its events are indexed; one that was told so is forgotten. */
  poll(channel: string, ids: readonly number[]): Record<string, boolean>;
}

export interface ChannelOptions {
  /** From a request to its acknowledgement. */
  readonly ackAfterMs: () => number;
  /** Counts down: true means that this request will never be acknowledged, though its events are held. */
  readonly loses: () => boolean;
  readonly clock: { now(): number };
}

export function createHecChannels({ ackAfterMs, loses, clock }: ChannelOptions): HecChannels {
  const channels = new Map<string, { next: number; readonly indexedAt: Map<number, number> }>();
  const of = (name: string) => {
    const channel = channels.get(name) ?? { next: 0, indexedAt: new Map<number, number>() };
    channels.set(name, channel);
    return channel;
  };
  return {
    acknowledgeLater(name) {
      const channel = of(name);
      const id = channel.next;
      channel.next += 1;
      if (!loses()) channel.indexedAt.set(id, clock.now() + ackAfterMs());
      return id;
    },
    poll(name, ids) {
      const { indexedAt } = of(name);
      const answers: Record<string, boolean> = {};
      for (const id of ids) {
        const indexed = (indexedAt.get(id) ?? Number.POSITIVE_INFINITY) <= clock.now();
        if (indexed) indexedAt.delete(id);
        answers[String(id)] = indexed;
      }
      return answers;
    },
  };
}
