import type { AwsCall } from '@mosaic-relay/cdk-loopback';
import { eventId } from '../../functions/collector/answers/event-id.ts';
import { readBatchMetadata } from '../../functions/stored/journaled-batch.ts';
import { type StoredAnswer, scanAnswer } from '../../local/run/answer-scan.ts';
import { journaledBy, metadataOf } from '../../local/run/journal-call.ts';
import type { WorldStream } from '../../local/world-streams.ts';

/**
 * Remembers the journaled events by the PUTs that S3 acknowledged: the journal itself cannot tell of an object
 * that is gone.
 */
export function watchJournalPuts(): JournalPuts {
  const puts = new Map<string, JournalPut[]>();
  return {
    observe(call, status) {
      const name = journaledBy(call)?.streamName;
      if (name === undefined || status !== 200) return;
      const { encoding, cutOff } = readBatchMetadata(metadataOf(call));
      const ofStream = puts.get(name) ?? [];
      puts.set(name, ofStream);
      ofStream.push({ received: call.body, encoding, cutOff });
    },
    eventsOf({ name, type, settings }) {
      const ids = new Set<string>();
      const capBytes = settings.decompressedCapMiB * 1024 * 1024;
      for (const put of puts.get(name) ?? [])
        scanAnswer({ ...put, capBytes }).eachEvent((event) => ids.add(eventId(type, event)));
      return ids;
    },
  };
}

export interface JournalPuts {
  /** Called for every call with the status that its caller got. */
  observe(call: AwsCall, status: number): void;
  /** Ids of a stream's events in every PUT that S3 acknowledged, from any caller. */
  eventsOf(stream: Pick<WorldStream, 'name' | 'type' | 'settings'>): ReadonlySet<string>;
}

type JournalPut = Omit<StoredAnswer, 'capBytes'>;
