import { countTrial, type TrialFacts } from '../../cli/trial/trial-count.ts';
import type { World } from '../world.ts';
import type { WorldStream } from '../world-streams.ts';
import { createBucketReader } from './bucket-reader.ts';
import { journalScan } from './journal-scan.ts';

/** Reads what a trial has journaled, stream by stream. */
export async function readTrialFacts(
  world: World,
  { streams, readMs }: { readonly streams: readonly WorldStream[]; readonly readMs: number },
): Promise<readonly TrialFacts[]> {
  const reader = createBucketReader({
    endpoint: world.gatewayUrl,
    region: world.region,
    credentials: world.operatorCredentials(),
  });
  try {
    const all: TrialFacts[] = [];
    for (const { name, type, destinations, settings } of streams) {
      const counted = countTrial(type);
      const decompressedCapBytes = settings.decompressedCapMiB * 1024 * 1024;
      const stored = { reader, bucket: settings.bucket, streamName: name, decompressedCapBytes };
      const journal = journalScan({ ...stored, destinations: destinations.map((each) => each.name) });
      await journal.eachEvent((event) => counted.add(event));
      all.push(counted.facts(readMs));
    }
    return all;
  } finally {
    reader.close();
  }
}
