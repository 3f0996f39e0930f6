import { gzipSync } from 'node:zlib';
import { eventText } from '@mosaic-relay/mosaic-simulator';

/**
 * Makes answers of 1,000 events as Mosaic's simulator writes them, compact and in one line, of about `eventBytes`
 * each: sizes vary from a third of that to three times. They are made once and are the same for every variant. The
 * type is `risk`, whose documented members reach that size; events of other types are padded with long texts,
 * which are cheaper to read than many short members.
 */
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
    const body = Buffer.from(`[${texts.join(',')}]`);
    return { body, gzip: gzipSync(body), events: eventsPerBatch };
  });
}

export interface Batch {
  readonly body: Buffer;
  /** The same, compressed as web servers do, at level 6. */
  readonly gzip: Buffer;
  readonly events: number;
}

export const eventsPerBatch = 1_000;
const firstTimestamp = Date.UTC(2026, 2, 1);
