import { journalPrefix, readJournalKey } from '../../../functions/stored/journal-key.ts';
import type { World } from '../../world.ts';
import type { WorldStream } from '../../world-streams.ts';
import { createBucketReader } from '../bucket-reader.ts';
import { itemsOf } from '../stream-items.ts';

/** How many batches that lie in the journal a destination of a stream has not got, of the runs that are open. */
export async function batchesOwedTo(destination: string, stream: WorldStream, world: World): Promise<number> {
  const opens = (await itemsOf(stream, world, 'OPEN#')) as readonly unknown[] as readonly OpenItem[];
  const owing = opens.filter(({ done }) => done?.M?.[destination] !== undefined);
  if (owing.length === 0) return 0;
  const last = await lastNumbers(stream, world);
  return owing.reduce((sum, { item, done }) => {
    const number = last.get(item.S.slice('OPEN#'.length)) ?? 0;
    return sum + Math.max(0, number - Number(done!.M![destination]!.N));
  }, 0);
}

interface OpenItem {
  readonly item: { readonly S: string };
  readonly done?: { readonly M?: Readonly<Record<string, { readonly N: string }>> };
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
    for await (const { key } of reader.list(stream.environment.BUCKET_NAME, journalPrefix(stream.name))) {
      const batch = readJournalKey(key);
      if (batch !== undefined) last.set(batch.run, Math.max(last.get(batch.run) ?? 0, batch.number));
    }
  } finally {
    reader.close();
  }
  return last;
}
