import { isUtf8 } from 'node:buffer';
import { decodeBeginning } from '../../functions/collector/answers/decode-answer.ts';
import { eventIdLength, eventIds } from '../../functions/collector/answers/event-id.ts';
import { openBatch } from '../../functions/collector/answers/open-batch.ts';
import { openCutOff } from '../../functions/collector/answers/whole-events.ts';
import { readBackupKey } from '../../functions/stored/backup-key.ts';
import { readErrorObject } from '../../functions/stored/backup-object.ts';
import { deliveredLines } from '../../functions/stored/delivered-object.ts';
import { readJournalKey } from '../../functions/stored/journal-key.ts';
import { type JournaledBatch, readBatchMetadata } from '../../functions/stored/journaled-batch.ts';
import { readQuarantineKey } from '../../functions/stored/quarantine-key.ts';
import type { ObjectContent } from '../access/bucket.ts';
import { type RelayedLine, readRelayedLine } from '../replay/relayed-line.ts';
import { operatorCapBytes } from '../replay/sources/journal.ts';
import { batchOfEntry } from '../replay/sources/quarantine.ts';
import { isWithin, type TimeRange } from '../replay/waiting.ts';
import type { ErasePlace } from './erase-place.ts';
import type { SoughtValue } from './sought-value.ts';

/** The search for a value: what is known of the events that hold it. */
export interface ValueSearch {
  readonly sought: SoughtValue;
  readonly range: TimeRange | undefined;
  /** Ids, raw and keyed, of the events that were found so far. Lines that mask the value are known by them. */
  readonly ids: ReadonlySet<string>;
  /** Takes note of an event that holds the value, by the raw id, or by the id that its line has. */
  found(id: string): void;
  typeOf(streamName: string): string | undefined;
  /** The ids of the keys that can be used, which stand before pseudonyms. */
  readonly keyIds: ReadonlySet<string>;
  /** Times of collection of lines that were made with another key. */
  readonly otherKeyAt: Set<number>;
}

/** The findings in one object. */
export interface HeldEvents {
  /** Events or lines that hold the value. */
  readonly matched: number;
  /** The other events or lines of the object. */
  readonly others: number;
  /** False for a batch that is no array of events, of which the text alone tells. */
  readonly isCounted: boolean;
  /** The part of the object that could not be read, in a few words. */
  readonly unread?: string;
}

/** Looks for the value in one object. @throws {RelayError} `DamagedObject`; what zlib throws */
export function searchPlace(place: ErasePlace, object: ObjectContent, search: ValueSearch): HeldEvents {
  if (place.kind === 'journal') return searchBatch(journaledBatch(place, object), place, search);
  if (place.kind === 'quarantine') {
    const entry = readQuarantineKey(
      place.firstKey,
      place.destination === undefined ? [] : [place.destination],
    )!;
    return searchBatch(batchOfEntry(object, entry), place, search);
  }
  if (place.kind === 'delivered' || readBackupKey(place.firstKey)?.isCopy === true)
    return searchLines(deliveredLines(object.body), search);
  const { lines, problems } = readErrorObject(object.body);
  const held = searchLines(lines, search);
  return problems.length === 0 ? held : { ...held, unread: problems.join(', ') };
}

/** True for a line that holds the value, or is one of an event that does. */
export function isLineSought(line: Uint8Array, { sought, range, ids, found }: ValueSearch): boolean {
  if (ids.size === 0 && !sought.mayBeIn(line)) return false;
  const relayed = readRelayedLine(line);
  if (relayed === undefined) return sought.isIn(line);
  if (!isWithin(range, relayed.collectedAt)) return false;
  if (ids.has(relayed.eventId)) return true;
  if (!sought.mayBeIn(line) || !relayed.events.some((event) => sought.isIn(event))) return false;
  found(relayed.eventId);
  return true;
}

function searchLines(lines: Iterable<Uint8Array>, search: ValueSearch): HeldEvents {
  let matched = 0;
  let others = 0;
  for (const line of lines) {
    if (isLineSought(line, search)) matched += 1;
    else others += 1;
    noteOtherKey(line, search);
  }
  return { matched, others, isCounted: true };
}

/** Two rotations later, no key at hand finds the pseudonyms or the ids of a line. */
function noteOtherKey(line: Uint8Array, { keyIds, otherKeyAt, range }: ValueSearch): void {
  if (!Buffer.from(line.buffer, line.byteOffset, line.length).includes(viewMember)) return;
  const relayed = readRelayedLine(line);
  if (relayed?.view === undefined || !isWithin(range, relayed.collectedAt)) return;
  if (keyIdsIn(line, relayed).some((keyId) => !keyIds.has(keyId))) otherKeyAt.add(relayed.collectedAt);
}

const viewMember = Buffer.from('"view":');

/** A line of a version that did not name its key has the ids of keys before its pseudonyms alone. */
function keyIdsIn(line: Uint8Array, { key }: RelayedLine): readonly string[] {
  if (key !== undefined) return [key];
  const text = Buffer.from(line.buffer, line.byteOffset, line.length).toString('latin1');
  return [...text.matchAll(pseudonyms)].map(([, keyId]) => keyId!);
}

/** Of 128 bits in 22 characters, of which the last has four bits that are 0. */
const pseudonyms = /"([\w-]{1,16}):[\w-]{21}[AQgw]"/g;

/** A batch of the journal, not opened yet. */
export function journaledBatch({ key }: ErasePlace, { body, metadata }: ObjectContent): JournaledBatch {
  const { run, day, number } = readJournalKey(key)!;
  const { encoding, ...facts } = readBatchMetadata(metadata);
  return { run, startedAt: Date.parse(day), number, ...facts, answer: { received: body, encoding } };
}

function searchBatch(batch: JournaledBatch, { streamName }: ErasePlace, search: ValueSearch): HeldEvents {
  const { sought, range } = search;
  if (!isWithin(range, batch.collectedAt)) return nothing;
  const opened = openBatch(batch, operatorCapBytes);
  if ('damaged' in opened) {
    const bytes = decodeBeginning(batch.answer, operatorCapBytes);
    if ('damaged' in bytes) return { ...nothing, unread: `it does not decompress (${opened.damaged})` };
    // Its whole events count for ids; of the rest, the text tells.
    const whole = openCutOff(opened, operatorCapBytes);
    const held = whole === undefined ? nothing : searchCut(whole.cut, streamName, search);
    const rest = whole === undefined ? bytes : whole.rest;
    if (held.matched > 0) return held;
    if (sought.isAnywhereIn(rest)) return { matched: 1, others: 0, isCounted: false };
    if (isText(rest)) return held;
    return { ...held, unread: 'its text is not UTF-8: look at it, then put it aside' };
  }
  return searchCut(opened.cut, streamName, search);
}

function searchCut(
  cut: Parameters<typeof eventIds>[0],
  streamName: string,
  { sought, found, typeOf }: ValueSearch,
): HeldEvents {
  let matched = 0;
  if (sought.mayBeIn(cut.source)) {
    for (let index = 0; index < cut.count; index++) {
      if (!sought.isIn(cut.source.subarray(cut.starts[index]!, cut.ends[index]!))) continue;
      matched += 1;
      const type = typeOf(streamName);
      if (type !== undefined)
        found(eventIds(cut, type).toString('latin1', index * eventIdLength, (index + 1) * eventIdLength));
    }
  }
  return { matched, others: cut.count - matched, isCounted: true };
}

/** UTF-16 is UTF-8 with zeros, as far as its bytes tell. A cut may leave up to three bytes of the last character. */
function isText(bytes: Uint8Array): boolean {
  if (bytes.includes(0)) return false;
  return [0, 1, 2, 3].some((part) => isUtf8(bytes.subarray(0, Math.max(0, bytes.length - part))));
}

const nothing: HeldEvents = { matched: 0, others: 0, isCounted: true };
