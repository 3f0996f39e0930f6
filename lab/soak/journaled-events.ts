import { openBatch } from '../../functions/collector/answers/open-batch.ts';
import { readBatchMetadata } from '../../functions/stored/journaled-batch.ts';
import { openPrefix, readOpenRun } from '../../functions/stored/open-item.ts';
import { itemsOf, plainItem } from '../../local/run/stream-items.ts';
import type { World } from '../../local/world.ts';
import type { WorldStream } from '../../local/world-streams.ts';

/**
 * The events of a journal object, as Mosaic answered them.
 *
 * @throws when it holds no array
 */
export function journaledEvents(
  received: Buffer,
  metadata: Readonly<Record<string, string>>,
  stream: WorldStream,
): readonly Buffer[] {
  const { encoding } = readBatchMetadata(metadata);
  const batch = { run: '', startedAt: 0, number: 1, collectedAt: 0, stream: stream.name, cutOff: false };
  const opened = openBatch(
    { ...batch, answer: { received, encoding } },
    stream.settings.decompressedCapMiB * 1024 * 1024,
  );
  if ('damaged' in opened) throw new Error(`the journal of ${stream.name} holds an answer that is no array`);
  const { source, starts, ends, count } = opened.cut;
  const bytes = Buffer.from(source.buffer, source.byteOffset, source.byteLength);
  return Array.from({ length: count }, (_, index) => bytes.subarray(starts[index], ends[index]));
}

/** Ids of the runs that are not closed. */
export async function openRunsOf(stream: WorldStream, world: World): Promise<readonly string[]> {
  return (await itemsOf(stream, world, openPrefix)).map((item) => readOpenRun(plainItem(item)).run);
}
