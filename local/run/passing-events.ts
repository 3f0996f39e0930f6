import { eventId } from '../../functions/collector/answers/event-id.ts';
import { journalPrefix, readJournalKey } from '../../functions/stored/journal-key.ts';
import { readBatchMetadata } from '../../functions/stored/journaled-batch.ts';
import type { PassingEvent, PassingStream } from '../page/frame.ts';
import type { WorldStream } from '../world-streams.ts';
import { scanAnswer } from './answer-scan.ts';
import { type BucketReader, createBucketReader } from './bucket-reader.ts';
import { readDeliveredLine } from './delivered-line.ts';
import { type DeliveriesOf, type NewDeliveries, newDeliveries } from './new-deliveries.ts';
import { pause } from './pause.ts';
import { seenThrough } from './seen-through.ts';

/** The events that pass through a run: as Mosaic gave them, and as each destination got them. */
export interface PassingEvents {
  /** The last events of each stream, newest first. */
  latest(): readonly PassingStream[];
  end(): Promise<void>;
}

export interface PassingOptions extends Omit<DeliveriesOf, 'reader'> {
  readonly streams: readonly WorldStream[];
  /** Real milliseconds from one look to the next, at least. Default 5,000. */
  readonly everyMs?: number;
  /** Is told why a look was broken off; the next one goes on from there. */
  readonly onProblem: (problem: string) => void;
}

/** Follows journal and destinations, and fills the folder of delivered objects on the way. */
export function watchPassing(options: PassingOptions): PassingEvents {
  const { world, streams, everyMs = 5_000 } = options;
  const reader = createBucketReader({
    endpoint: world.gatewayUrl,
    region: world.region,
    credentials: world.operatorCredentials(),
  });
  const followed = streams.map((stream) => followStream(stream, { ...options, reader }));
  const over = new AbortController();
  const look = async (): Promise<void> => {
    try {
      for (const one of followed) await one.look();
    } catch (error) {
      // A fault of the run may refuse the reading too.
      if (!over.signal.aborted) options.onProblem(`events passing: ${(error as Error).message}`);
    }
  };
  const watching = (async () => {
    while (!over.signal.aborted) {
      const begun = performance.now();
      await look();
      // A long run has much to visit, and the looking must not slow it down.
      await pause(Math.max(everyMs, 10 * (performance.now() - begun)), over.signal);
    }
  })();
  return {
    latest: () => followed.map((one) => one.latest()),
    async end() {
      over.abort();
      await watching;
      reader.close();
    },
  };
}

const mostEvents = 30;
const mostLines = 5_000;

interface RawEvent {
  readonly collectedAt: number;
  readonly raw: Buffer;
}

function followStream(stream: WorldStream, options: PassingOptions & { readonly reader: BucketReader }) {
  const { world, reader } = options;
  const batches = newBatches(stream, reader);
  let raws: RawEvent[] = [];
  const destinations = stream.destinations.map((destination) => {
    const seen = seenThrough(stream, destination, world);
    return {
      name: destination.name,
      deliveries: newDeliveries(stream, destination, options),
      lines: new Map<string, string>(),
      // A view's key may have been changed, and a line names the key that made its id.
      idsOf: (raw: Buffer): readonly string[] =>
        seen === undefined
          ? [eventId(stream.type, raw)]
          : seen.keyIds.flatMap((key) => seen.see(raw, key)?.id ?? []),
    };
  });
  return {
    async look(): Promise<void> {
      const fresh: RawEvent[] = [];
      await batches((event) => fresh.push(event));
      raws = [...raws, ...fresh].toSorted((a, b) => a.collectedAt - b.collectedAt).slice(-mostEvents);
      for (const { deliveries, lines } of destinations) await keepLines(deliveries, lines);
    },
    latest: (): PassingStream => ({
      name: stream.name,
      destinations: destinations.map(({ name }) => name),
      events: raws.toReversed().map(
        ({ collectedAt, raw }): PassingEvent => ({
          collectedAt,
          raw: raw.toString(),
          delivered: destinations.map(({ lines, idsOf }) => {
            const ids = idsOf(raw);
            if (ids.length === 0) return { state: 'dropped' };
            const line = ids.map((id) => lines.get(id)).find((found) => found !== undefined);
            return line === undefined ? { state: 'waiting' } : { state: 'delivered', line };
          }),
        }),
      ),
    }),
  };
}

/** Visits the events of batches that were journaled since the last call. */
function newBatches(stream: WorldStream, reader: BucketReader) {
  const { bucket, decompressedCapMiB } = stream.settings;
  const known = new Set<string>();
  return async (visit: (event: RawEvent) => void): Promise<void> => {
    for await (const { key } of reader.list(bucket, journalPrefix(stream.name))) {
      if (known.has(key) || readJournalKey(key) === undefined) continue;
      const { body, metadata } = await reader.get(bucket, key);
      known.add(key);
      const { encoding, cutOff, collectedAt } = readBatchMetadata(metadata);
      const capBytes = decompressedCapMiB * 1_048_576;
      scanAnswer({ received: body, encoding, cutOff, capBytes }).eachEvent((event) =>
        visit({ collectedAt, raw: Buffer.from(event) }),
      );
    }
  };
}

async function keepLines(deliveries: NewDeliveries, lines: Map<string, string>): Promise<void> {
  await deliveries((line) => {
    const id = readDeliveredLine(line)?.id;
    if (id !== undefined) lines.set(id, line.toString());
  });
  for (const id of lines.keys()) {
    if (lines.size <= mostLines) return;
    lines.delete(id);
  }
}
