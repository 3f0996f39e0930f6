import type { KnownStream, OpenedAs } from '../stored/stream-register.ts';
import type { MosaicStreamProperties } from './contract.ts';
import type { OpenOutcome, StreamRegister } from './ports.ts';

/** The table's knowledge of a stream that Mosaic has. */
export interface RecalledStream {
  /** True where the stream existed before this relay asked for it: no removal may delete it. */
  readonly found: boolean;
}

/**
 * Looks up a stream that Mosaic has already. This stage reads it if it is, or was, the stream of this name, or if it
 * is the present one of another name: a stream that was renamed.
 *
 * @returns undefined if the table does not know the stream: another deployment may be reading it
 */
export async function recallStream(
  { StreamName: name, StreamId: streamId, StreamType: type, Mosaic, Adopt }: MosaicStreamProperties,
  known: KnownStream | undefined,
  register: StreamRegister,
): Promise<RecalledStream | undefined> {
  // What one Mosaic had under this name says nothing of a stream that another one has under the same id.
  const isElsewhere = Adopt !== 'true' && isOfAnotherMosaic(known?.opened, Mosaic);
  const own = known === undefined || isElsewhere ? undefined : recallOwn(streamId, known);
  if (own !== undefined) return own;
  const readers = await register.readersOf({ type, streamId });
  const other = readers.find(
    (reader) =>
      reader.name !== name &&
      reader.known.removed !== 'deleted' &&
      !isOfAnotherMosaic(reader.known.opened, Mosaic),
  );
  return other === undefined ? undefined : foundOf(other.known);
}

/** Looks it up among the streams that this name reads, or has read. */
function recallOwn(streamId: string, known: KnownStream): RecalledStream | undefined {
  if (known.streamId === streamId && known.removed !== 'deleted') return foundOf(known);
  const former = known.former.find((each) => each.streamId === streamId);
  if (former !== undefined) return { found: former.found };
  return known.retiring.some((each) => each.streamId === streamId) ? { found: true } : undefined;
}

/** True where the table says that another Mosaic has the stream: one of the same id at `url` is another stream. */
export function isOfAnotherMosaic(opened: OpenedAs | undefined, url: string | undefined): boolean {
  return opened?.mosaic !== undefined && url !== undefined && opened.mosaic !== url;
}

/** An item that a collector began names no creator, so the stream counts as found. */
function foundOf({ opened }: KnownStream): RecalledStream {
  return { found: opened?.found ?? true };
}

/** Says why a stream was left alone that Mosaic has and the table does not know, and what an operator can do. */
export function takenMessage(
  { StreamName: name, StreamId: id, StreamType: type }: MosaicStreamProperties,
  { unclear }: Extract<OpenOutcome, { readonly kind: 'already-there' }>,
): string {
  return [
    `Mosaic already has a ${type} stream ${id}, and the table of this stage does not know it.`,
    'Two readers of one stream each get only a part of its events, so this one was left alone.',
    ...(unclear
      ? ['An earlier call of this deploy had no clear answer: it may have created the stream itself.']
      : []),
    `If another deployment or connector reads it: give the stream ${name} another id in the settings.`,
    'If a first deploy failed half-way, or this stack was made again, it is yours:',
    `deploy once with -c adopt=${name}, or with adopt: true in the settings of the stream.`,
  ].join(' ');
}
