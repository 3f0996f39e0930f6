import { type EventType, eventTypes } from '../event-types.ts';
import { type EventRequest, type EventStyle, eventText, uniqueId, writeTimestamp } from './event-text.ts';

/** Writes events as they go over the wire; the same bytes for the same request. */
export interface EventWriter {
  bytesOf(request: EventRequest): Buffer;
  /** True if `bytesOf` would return exactly these bytes. */
  matches(request: EventRequest, bytes: Buffer): boolean;
  /** The number that an event of the type carries in its unique id; undefined for bytes that have none of this seed. */
  numberIn(type: EventType, bytes: Buffer): number | undefined;
}

/**
 * @param variety writes so many events of each type anew, and makes the others of those by turns, with unique id and
 * timestamp of their own, for loads of millions. Every event anew when absent
 */
export function createEventWriter(style: EventStyle, variety?: number): EventWriter {
  const idStarts = new Map(
    eventTypes.map((type) => [type, Buffer.from(uniqueId(style.seed, type, 0).slice(0, -indexDigits))]),
  );
  const patterns = new Map<string, Pattern[]>();
  /** The bytes of one event, until the next is asked for. */
  const briefly = (request: EventRequest): Buffer => {
    if (variety === undefined || request.story !== undefined) return Buffer.from(eventText(style, request));
    const { type, index, enriched } = request;
    const kind = enriched ? `enriched ${type}` : type;
    const ofKind = patterns.get(kind) ?? [];
    patterns.set(kind, ofKind);
    const number = index % variety;
    ofKind[number] ??= readPattern(style, { ...request, index: number });
    return filled(ofKind[number], request, writeTimestamp(style, request.timestamp));
  };
  return {
    bytesOf: (request) => Buffer.from(briefly(request)),
    matches: (request, bytes) => bytes.equals(briefly(request)),
    numberIn(type, bytes) {
      const start = idStarts.get(type)!;
      const at = bytes.indexOf(start);
      if (at === -1) return undefined;
      const digits = bytes.toString('latin1', at + start.length, at + start.length + indexDigits);
      return /^[0-9a-f]{12}$/.test(digits) ? Number.parseInt(digits, 16) : undefined;
    },
  };
}

/** An event's bytes, and where its own id's number and its timestamp stand in them. */
interface Pattern {
  readonly bytes: Buffer;
  readonly numbersAt: readonly number[];
  readonly timestampAt: number;
}

/** Of `uniqueId`. */
const indexDigits = 12;

function readPattern(style: EventStyle, request: EventRequest): Pattern {
  const bytes = Buffer.from(eventText(style, request));
  const id = Buffer.from(uniqueId(style.seed, request.type, request.index));
  const numbersAt: number[] = [];
  for (let at = bytes.indexOf(id); at !== -1; at = bytes.indexOf(id, at + 1))
    numbersAt.push(at + id.length - indexDigits);
  const member = '"timestamp":"';
  return { bytes, numbersAt, timestampAt: bytes.indexOf(member) + member.length };
}

function filled(
  { bytes, numbersAt, timestampAt }: Pattern,
  { index }: EventRequest,
  timestamp: string,
): Buffer {
  const digits = index.toString(16).padStart(indexDigits, '0');
  for (const at of numbersAt) bytes.write(digits, at, 'latin1');
  bytes.write(timestamp, timestampAt, 'latin1');
  return bytes;
}
