import { eventId } from '../../functions/collector/answers/event-id.ts';
import type { World } from '../world.ts';
import type { WorldStream } from '../world-streams.ts';
import { type BucketReader, createBucketReader } from './bucket-reader.ts';
import type { Holding } from './compared-sets.ts';
import { compareStream } from './comparison.ts';
import type { EndLines } from './end-lines.ts';
import type { ErasedObjects } from './erased-objects.ts';
import { journalKeptSince } from './journal-lifetime.ts';
import { journalScan, quarantineScan } from './journal-scan.ts';
import { receiverHolding } from './receivers/receiver-holding.ts';
import type { Receivers } from './receivers/start-receivers.ts';
import type { LeftOut } from './redrive.ts';
import type { StreamOutcome } from './report.ts';
import { deliveryPlaceOf, s3Holding } from './s3-holding.ts';
import { seenThrough } from './seen-through.ts';
import type { StreamIds } from './stream-ids.ts';
import { readToldLate } from './told-late.ts';
import { viewLinesOf } from './view-lines.ts';

/**
 * Reads the outcome of each stream: journal, quarantine and the events at every destination, which it leaves in
 * `folder` on the way.
 */
export async function readOutcomes(options: OutcomeOptions): Promise<readonly StreamOutcome[]> {
  const { world } = options;
  const reader = createBucketReader({
    endpoint: world.gatewayUrl,
    region: world.region,
    credentials: world.operatorCredentials(),
  });
  try {
    const outcomes: StreamOutcome[] = [];
    for (const stream of options.streams) outcomes.push(await readOutcome(stream, { ...options, reader }));
    return outcomes;
  } finally {
    reader.close();
  }
}

export interface OutcomeOptions {
  readonly world: World;
  readonly streams: readonly WorldStream[];
  /** Raw bytes of every event that the stream is owed; absent where they cannot be known. */
  readonly generated: ((stream: WorldStream) => Iterable<Uint8Array>) | undefined;
  readonly receivers: Pick<Receivers, 'of'>;
  /** The ids that each stream has had in Mosaic; absent where ids stay. */
  readonly ids?: Pick<StreamIds, 'of'>;
  /** The collectors' end lines; where absent, no last resort counts as told. */
  readonly endLines?: Pick<EndLines, 'lastResortsOf'>;
  /** Absolute. */
  readonly folder: string;
  /** True where a destination is owed the events of a run; absent where each is owed all events. */
  readonly owes?: (stream: string, destination: string, run: string) => boolean;
  /** Late events that re-drives have left out; absent where nothing was re-driven. */
  readonly leftOut?: LeftOut;
  /** What was erased during the run; absent where nobody could erase anything. */
  readonly erased?: Pick<ErasedObjects, 'batches' | 'lines'>;
}

async function readOutcome(
  stream: WorldStream,
  options: OutcomeOptions & { readonly reader: BucketReader },
): Promise<StreamOutcome> {
  const { world, reader } = options;
  const stored = {
    reader,
    bucket: stream.settings.bucket,
    streamName: stream.name,
    destinations: stream.destinations.map(({ name }) => name),
    erased: options.erased,
    decompressedCapBytes: stream.settings.decompressedCapMiB * 1024 * 1024,
  };
  const journal = journalScan(stored);
  const streamIds = options.ids?.of(stream) ?? [stream.id];
  const toldLate = await readToldLate(stream, { ...options, streamIds });
  const comparison = await compareStream({
    generated: options.generated?.(stream),
    journal: { ...journal, keptSince: journalKeptSince(stream.settings.bucket, world) },
    quarantine: quarantineScan(stored),
    holdings: stream.destinations.map((destination) => {
      const { owes } = options;
      const holding = {
        ...holdingOf(stream, destination, { ...options, streamIds }),
        late: toldLate(destination),
        seen: seenThrough(stream, destination, world),
      };
      if (owes === undefined) return holding;
      return { ...holding, owes: (run) => owes(stream.name, destination.name, run) };
    }),
    digest: (raw) => eventId(stream.type, raw),
  });
  return {
    name: stream.name,
    id: stream.id,
    type: stream.type,
    collected: journal.collected(),
    comparison,
    lastResorts: options.endLines?.lastResortsOf(stream) ?? 0,
    accepted: Object.fromEntries(
      stream.destinations.map(({ name, deliveryStream }) => [name, world.firehose.stats(deliveryStream)]),
    ),
    generatedKnown: options.generated !== undefined,
    viewLines: await viewLinesOf(stream, world),
  };
}

type HoldingOptions = OutcomeOptions & {
  readonly reader: BucketReader;
  readonly streamIds: readonly string[];
};

function holdingOf(
  stream: WorldStream,
  { name, kind, deliveryStream }: WorldStream['destinations'][number],
  { world, reader, receivers, streamIds, folder, erased }: HoldingOptions,
): Holding {
  const received = receivers.of(stream.name, name);
  if (received !== undefined)
    return receiverHolding({ kind, name, stream: stream.name, streamIds, received, folder });
  const place = deliveryPlaceOf(deliveryStream, world);
  if (place === undefined)
    throw new Error(`nothing here can read what ${deliveryStream} (${kind}) delivered`);
  return s3Holding({ reader, kind, name, deliveryStream, place, folder, erased });
}
