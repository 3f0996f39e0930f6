import type { FolderUse } from './delivered-key.ts';
import { metaKey, metaSchema, type RetiringStream } from './meta-item.ts';
import { type ItemChange, type ItemFilter, partitionKey, type StreamItem, sortKey } from './stream-item.ts';

/** What the stream lifecycle keeps of a stream: its part of the `META` item. */
export interface KnownStream {
  readonly type: string;
  /** Mosaic's id of the stream. */
  readonly streamId: string;
  readonly retiring: readonly RetiringStream[];
  /** Streams that this one has replaced, the latest last: a rollback, or an operator, may go back to one. */
  readonly former: readonly FormerStream[];
  /** Absent in an item that a collector began. */
  readonly opened?: OpenedAs;
  /** What became of the stream when it was taken out of the stack; absent while it is part of it. */
  readonly removed?: 'kept' | 'deleted';
}

export interface FormerStream {
  readonly streamId: string;
  /** As in `OpenedAs`. */
  readonly found: boolean;
}

/** How the present stream came to be, for what cannot be read back from Mosaic. */
export interface OpenedAs {
  /** False for a pull URL. */
  readonly managed: boolean;
  readonly enrichment: boolean;
  readonly retentionDays?: number;
  /** Scheme and host of the Mosaic that has it. Absent in an item of an earlier version, and for a pull URL. */
  readonly mosaic?: string;
  /** It existed before this relay asked for it, so that no removal may delete it. */
  readonly found: boolean;
}

/** The lifecycle's part of a `META` item; undefined for one that names no stream yet. */
export function readKnownStream(item: StreamItem): KnownStream | undefined {
  const { type, streamId, removed } = item;
  if (typeof type !== 'string' || typeof streamId !== 'string') return undefined;
  return {
    type,
    streamId,
    retiring: listOf(item.retiring).map(retiringStream),
    // An item of an earlier version has none.
    former: listOf(item.former).map((each) => ({
      streamId: String(each.streamId ?? ''),
      found: each.found !== false,
    })),
    opened: item.opened === undefined ? undefined : openedAs(item.opened as StreamItem),
    ...(removed === 'kept' || removed === 'deleted' ? { removed } : {}),
  };
}

/**
 * Writes what is now known in place of what was read before, and no attribute that is the collector's.
 *
 * Only the id decides whether the item is still as it was read: a collector that meanwhile read a retiring stream
 * empty will find it empty again.
 */
export function writeKnownStream(known: KnownStream, before: KnownStream | undefined): ItemChange {
  const { opened, removed } = known;
  const optional = { ...(opened && { opened }), ...(removed && { removed }) };
  const given = Object.keys(optional);
  const missing = ['opened', 'removed'].filter((name) => !given.includes(name));
  const set = [
    ...['#type = :type', 'streamId = :id', 'retiring = :retiring', 'former = :former'],
    ...given.map((name) => `${name} = :${name}`),
    '#schema = if_not_exists(#schema, :schema)',
  ];
  return {
    update: [`SET ${set.join(', ')}`, ...(missing.length === 0 ? [] : [`REMOVE ${missing.join(', ')}`])].join(
      ' ',
    ),
    condition: before === undefined ? 'attribute_not_exists(streamId)' : 'streamId = :before',
    names: { '#type': 'type', '#schema': 'schema' },
    values: {
      ':type': known.type,
      ':id': known.streamId,
      ':retiring': known.retiring.map(({ streamId, since, emptySince, asking }) => ({
        streamId,
        since,
        emptySince,
        asking,
      })),
      ':former': known.former.map(({ streamId, found }) => ({ streamId, found })),
      ...(opened && { ':opened': openedItem(opened) }),
      ...(removed && { ':removed': removed }),
      ':schema': metaSchema,
      ...(before === undefined ? {} : { ':before': before.streamId }),
    },
  };
}

/**
 * Notes what the folder of a destination is for, in the stream's `META` item. The note outlives the destination, as its
 * data do. Nothing is written where the folder is for something else.
 */
export function noteFolder(destination: string, use: FolderUse): ItemChange {
  return {
    update: 'SET #folder = :use, #schema = if_not_exists(#schema, :schema)',
    condition: 'attribute_not_exists(#folder) OR #folder = :use',
    names: { '#folder': folderAttribute(destination), '#schema': 'schema' },
    values: { ':use': use, ':schema': metaSchema },
  };
}

/** What a `META` item says the folder of a destination is for; undefined where nothing was noted. */
export function readFolderUse(item: StreamItem | undefined, destination: string): FolderUse | undefined {
  return item?.[folderAttribute(destination)] as FolderUse | undefined;
}

function folderAttribute(destination: string): string {
  return `folder:${destination}`;
}

/** Finds every `META` item whose present Mosaic stream is this one, under any name. */
export function readersOf(stream: { readonly type: string; readonly streamId: string }): ItemFilter {
  return {
    filter: '#item = :meta AND streamId = :id AND #type = :type',
    names: { '#item': sortKey, '#type': 'type' },
    values: { ':meta': metaKey, ':id': stream.streamId, ':type': stream.type },
  };
}

/** The stream's stable name, which the item's key holds. */
export function streamNameOf(item: StreamItem): string {
  return String(item[partitionKey] ?? '');
}

function listOf(value: unknown): readonly StreamItem[] {
  return (value ?? []) as readonly StreamItem[];
}

/** `emptySince` is the collector's, and stays when the lifecycle writes the list. */
function retiringStream({ streamId, since, emptySince, asking }: StreamItem): RetiringStream {
  return {
    streamId: String(streamId ?? ''),
    since: Number(since),
    ...(emptySince === undefined ? {} : { emptySince: Number(emptySince) }),
    ...(asking === undefined ? {} : { asking: asking as RetiringStream['asking'] }),
  };
}

function openedAs({ retentionDays, managed, enrichment, found, mosaic }: StreamItem): OpenedAs {
  return {
    managed: managed === true,
    enrichment: enrichment === true,
    ...(retentionDays === undefined ? {} : { retentionDays: Number(retentionDays) }),
    ...(typeof mosaic === 'string' ? { mosaic } : {}),
    // An earlier version wrote false for a stream that was made in the portal.
    found: managed !== true || found === true,
  };
}

function openedItem({ managed, enrichment, found, retentionDays, mosaic }: OpenedAs): StreamItem {
  return { managed, enrichment, found, retentionDays, mosaic };
}
