/**
 * Answers of 1,000 events as Mosaic's simulator writes them, compact and in one line, of about `eventBytes` each:
 * sizes vary from a third of that to three times. Made once; the same for everybody. They are of type `risk`, whose
 * documented members come to that size by themselves; events of other types are padded with long texts, which are
 * cheaper to read than many short members.
 */
import { eventText } from '@mosaic-relay/mosaic-simulator';
export function makeBatches(eventBytes: number, count: number): readonly Batch[] {
  return Array.from({ length: count }, (_, batch) => {
    const texts = Array.from({ length: eventsPerBatch }, (_, index) =>
      eventText(
        {
          seed: 1,
          averageBytes: eventBytes,
          snakeParams: false,
          pretty: false,
          large: false,
          oversize: false,
          unreadableTimestamps: false,
        },
        {
          type: 'risk',
          index: batch * eventsPerBatch + index,
          timestamp: firstTimestamp + index,
          enriched: false,
        },
      ),
    );
    return { body: Buffer.from(`[${texts.join(',')}]`), events: eventsPerBatch };
  });
}

export interface Batch {
  readonly body: Buffer;
  readonly events: number;
}

export const eventsPerBatch = 1_000;
const firstTimestamp = Date.UTC(2026, 2, 1);
