import type { AnswerEncoding } from '../answer.ts';
import { extensionOf, numberName } from './object-name.ts';

/** All that is below it belongs to the quarantines of the streams. */
export const quarantineFolder = 'quarantine/';

/**
 * Where something lies that no destination, or one of them, can ever take:
 * `quarantine/<stream>/<day>/<run>/<000001>[_event-<0004>][_to-<destination>].json[.gz|.zst]`.
 *
 * The same entry has the same key, so that quarantining it again is one object.
 */
export interface QuarantineKey {
  /** The stream's stable name. */
  readonly streamName: string;
  /** UTC, `2026-03-02`: when the run started. */
  readonly day: string;
  readonly run: string;
  /** Of the batch, within the run, 1.. */
  readonly number: number;
  /** The event's index within the batch, 0..; absent where the entry is the whole batch. */
  readonly index?: number;
  /** Which destination could not take it; absent where none could. */
  readonly destination?: string;
}

export function writeQuarantineKey(key: QuarantineKey, encoding: AnswerEncoding): string {
  const event = key.index === undefined ? '' : `_event-${String(key.index).padStart(4, '0')}`;
  const to = key.destination === undefined ? '' : `_to-${key.destination}`;
  return `${quarantineBatchPrefix(key)}${event}${to}${extensionOf(encoding)}`;
}

/**
 * The entry that a key names; undefined where the object is none.
 *
 * Versions up to 0.1 wrote `<number>[-<index>][-<destination>]`, where a destination may look like an index, or begin
 * like one. Such a key is read as that of a destination of `destinations` if it can be, and else by its index.
 * @param destinations names of the stream's destinations
 */
export function readQuarantineKey(key: string, destinations: readonly string[]): QuarantineKey | undefined {
  const [, streamName, day, run, name] = quarantineKey.exec(key) ?? [];
  if (streamName === undefined || day === undefined || run === undefined || name === undefined)
    return undefined;
  const [, number, index, destination] = present.exec(name) ?? [];
  if (number !== undefined)
    return { streamName, day, run, number: Number(number), ...rest(index, destination) };
  const [, oldNumber, oldRest] = upTo01.exec(name) ?? [];
  if (oldNumber === undefined || oldRest === undefined) return undefined;
  return { streamName, day, run, number: Number(oldNumber), ...readOldRest(oldRest, destinations) };
}

const quarantineKey = /^quarantine\/([^/]+)\/(\d{4}-\d\d-\d\d)\/([^/]+)\/([^/]+?)\.json(?:\.gz|\.zst)?$/;
const present = /^(\d{6,})(?:_event-(\d{4,}))?(?:_to-(.+))?$/;
const upTo01 = /^(\d{6,})-(.+)$/;

function readOldRest(text: string, destinations: readonly string[]): ReturnType<typeof rest> {
  if (destinations.includes(text)) return { destination: text };
  const [, index, destination] = /^(\d{4,})(?:-(.+))?$/.exec(text) ?? [];
  return index === undefined ? { destination: text } : rest(index, destination);
}

function rest(
  index: string | undefined,
  destination: string | undefined,
): Pick<QuarantineKey, 'index' | 'destination'> {
  return {
    ...(index === undefined ? {} : { index: Number(index) }),
    ...(destination === undefined ? {} : { destination }),
  };
}

/** All that is below it belongs to the stream's quarantine. */
export function quarantinePrefix(streamName: string): string {
  return `${quarantineFolder}${streamName}/`;
}

/** What the keys of everything in quarantine begin with that a batch gave, in this and in older versions. */
export function quarantineBatchPrefix(
  batch: Pick<QuarantineKey, 'streamName' | 'day' | 'run' | 'number'>,
): string {
  return `${quarantinePrefix(batch.streamName)}${batch.day}/${batch.run}/${numberName(batch.number)}`;
}
