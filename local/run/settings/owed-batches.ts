import { journalPrefix, readJournalKey } from '../../../functions/stored/journal-key.ts';
import { openPrefix, readOpenRun } from '../../../functions/stored/open-item.ts';
import type { World } from '../../world.ts';
import type { WorldStream } from '../../world-streams.ts';
import { createBucketReader } from '../bucket-reader.ts';
import { itemsOf, plainItem } from '../stream-items.ts';

/** How many batches that lie in the journal a destination of a stream has not got, of the runs that are open. */
export async function batchesOwedTo(destination: string, stream: WorldStream, world: World): Promise<number> {
  const opens = (await itemsOf(stream, world, openPrefix)).map((item) => readOpenRun(plainItem(item)));
  const owing = opens.filter(({ done }) => done[destination] !== undefined);
  if (owing.length === 0) return 0;
  const last = await lastNumbers(stream, world);
  return owing.reduce(
    (sum, { run, done }) => sum + Math.max(0, (last.get(run) ?? 0) - done[destination]!),
    0,
  );
}

/** Run → the number of its last journal object. */
async function lastNumbers(stream: WorldStream, world: World): Promise<ReadonlyMap<string, number>> {
  const reader = createBucketReader({
    endpoint: world.gatewayUrl,
    region: world.region,
    credentials: world.operatorCredentials(),
  });
  const last = new Map<string, number>();
  try {
    for await (const { key } of reader.list(stream.settings.bucket, journalPrefix(stream.name))) {
      const batch = readJournalKey(key);
      if (batch !== undefined) last.set(batch.run, Math.max(last.get(batch.run) ?? 0, batch.number));
    }
  } finally {
    reader.close();
  }
  return last;
}
