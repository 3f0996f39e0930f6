import type { KnownStream } from '../stored/stream-register.ts';
import type { MosaicStreamProperties } from './contract.ts';
import { done, failed, type Performed } from './performed.ts';
import type { LifecyclePorts } from './ports.ts';

/**
 * Removes a stream from the stack: deletes it in Mosaic if the settings say so and this stage created it, else
 * keeps it.
 *
 * The table is written last. If the process dies before, the same request comes again, and Mosaic answers that the
 * stream is gone.
 */
export async function removeStream(
  wanted: MosaicStreamProperties,
  known: KnownStream | undefined,
  { mosaic, register }: LifecyclePorts,
): Promise<Performed> {
  const { StreamName: name, StreamId: streamId } = wanted;
  if (known?.streamId !== streamId) return done(wanted, 'kept', 'it was never opened here');
  if (known.removed === 'deleted') return done(wanted, 'not-there', 'it was deleted before');
  const reason = await reasonToKeep(wanted, known, { mosaic, register });
  if (reason !== undefined) {
    await register.write(name, { ...known, removed: 'kept' }, known);
    return done(wanted, 'kept', reason);
  }
  const removed = await mosaic.remove({ type: known.type, id: streamId });
  if (removed.kind === 'refused') return failed(removed.message);
  await register.write(name, { ...known, removed: 'deleted' }, known);
  return done(wanted, removed.kind, '');
}

async function reasonToKeep(
  { OnRemoval, Managed, StreamName: name }: MosaicStreamProperties,
  known: KnownStream,
  { mosaic, register }: Pick<LifecyclePorts, 'mosaic' | 'register'>,
): Promise<string | undefined> {
  if (OnRemoval === 'keep') return 'onRemoval is keep';
  if (Managed === 'false') return 'it was made in the portal';
  if (known.opened?.found !== false) return 'it existed before this relay';
  const { mosaic: opened } = known.opened;
  if (opened !== undefined && new URL(opened).host !== mosaic.host) return `Mosaic at ${opened} has it`;
  const readers = await register.readersOf({ type: known.type, streamId: known.streamId });
  const other = readers.find((reader) => reader.name !== name && reader.known.removed === undefined);
  return other === undefined ? undefined : `${other.name} reads it`;
}
