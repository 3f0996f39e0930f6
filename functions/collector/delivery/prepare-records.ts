import { gzipSync } from 'node:zlib';
import { giveBack, takeBuffer } from '../../spare-buffers.ts';
import type { Cut } from '../protocol/ports/answers.ts';
import type { BatchFacts, LineFormat } from './formats/line-format.ts';
import { billedSize, packLines, recordLimitBytes, recordLimitEvents } from './pack.ts';

/** The form of a destination's records, which follows from its kind. */
export interface RecordShape {
  readonly format: LineFormat;
  /** `lines`: many lines a record, each ended by a line feed; `single`: one event a record, without. */
  readonly packing: 'lines' | 'single';
  /**
   * True where each record is a gzip member of its own. The receiver gets the members one after the other, which
   * is a valid .gz file.
   */
  readonly compressRecords?: boolean;
  /** Bytes that the delivery stream takes in a second. No record of several lines is larger. */
  readonly quotaBytesPerSecond?: number;
  /** 1 for each event that gets no line; absent where every event does. */
  readonly heldBack?: Uint8Array;
}

export interface Prepared {
  readonly records: readonly Uint8Array[];
  /** The number of events in each record, in the order of `records`. */
  readonly eventsPerRecord: readonly number[];
  /** Events in `records`. */
  readonly events: number;
  /** Bytes of their lines, before any compression. */
  readonly rawBytes: number;
  /** Bytes that Firehose would bill for `records`. */
  readonly billedBytes: number;
  /** Events that no record can hold, as received. */
  readonly oversized: readonly { readonly index: number; readonly bytes: Uint8Array }[];
  /** Lets the memory of `records` be used again, once nothing reads them any more. */
  release(): void;
}

/** Turns a batch into one destination's records. The same batch gives the same bytes, whenever it is prepared. */
export function prepareRecords(cut: Cut, facts: BatchFacts, shape: RecordShape): Prepared {
  const lines = writeLines(cut, facts, shape);
  const records = shape.compressRecords ? compressedRecords(lines, shape) : plainRecords(lines, shape);
  const oversized = [...lines.oversized, ...records.oversized].sort((a, b) => a - b);
  return {
    records: records.bytes,
    eventsPerRecord: records.events,
    events: records.events.reduce((sum, events) => sum + events, 0),
    rawBytes: records.rawBytes,
    billedBytes: records.bytes.reduce((sum, record) => sum + billedSize(record.length), 0),
    oversized: oversized.map((index) => ({
      index,
      bytes: cut.source.subarray(cut.starts[index]!, cut.ends[index]!),
    })),
    release: () => giveBack(lines.bytes),
  };
}

/** The lines of a batch, one after the other in one buffer. */
interface Lines {
  readonly bytes: Buffer;
  /** The offset after each line. */
  readonly ends: Uint32Array;
  /** Which event each line holds. */
  readonly indexes: Uint32Array;
  /** Events whose line is above the limit, ascending. */
  readonly oversized: readonly number[];
}

function writeLines(
  cut: Cut,
  facts: BatchFacts,
  { format, packing, compressRecords, heldBack }: RecordShape,
): Lines {
  const writer = format.begin(cut, facts);
  const bytes = takeBuffer(
    cut.source.length + cut.count * (writer.overheadBytes + 1) + (writer.extraBytes ?? 0),
  );
  const ends = new Uint32Array(cut.count);
  const indexes = new Uint32Array(cut.count);
  // Compressed records are measured after the compression.
  const limit = compressRecords ? Number.POSITIVE_INFINITY : recordLimitBytes;
  const oversized: number[] = [];
  let kept = 0;
  let at = 0;
  for (let index = 0; index < cut.count; index++) {
    if (heldBack?.[index] === 1) continue;
    let end = writer.write(index, bytes, at);
    if (packing === 'lines') bytes[end++] = lineFeed;
    if (end - at > limit) {
      oversized.push(index);
      continue;
    }
    ends[kept] = end;
    indexes[kept] = index;
    kept += 1;
    at = end;
  }
  return { bytes, ends: ends.subarray(0, kept), indexes: indexes.subarray(0, kept), oversized };
}

const lineFeed = 0x0a;

interface Records {
  readonly bytes: Uint8Array[];
  readonly events: number[];
  rawBytes: number;
  readonly oversized: number[];
}

function plainRecords(lines: Lines, { packing, quotaBytesPerSecond }: RecordShape): Records {
  const records: Records = { bytes: [], events: [], rawBytes: lines.ends.at(-1) ?? 0, oversized: [] };
  const lineCounts =
    packing === 'lines'
      ? packLines(lines.ends, quotaBytesPerSecond)
      : lines.ends.map((_, index) => index + 1);
  let first = 0;
  for (const last of lineCounts) {
    records.bytes.push(bytesOf(lines, first, last));
    records.events.push(last - first);
    first = last;
  }
  return records;
}

/**
 * Puts up to 500 lines and 2 MiB into a record, because only the compressed size counts, which is about a third. A
 * group that is above the limit when compressed is halved until it fits.
 */
function compressedRecords(
  lines: Lines,
  { packing, quotaBytesPerSecond = recordLimitBytes }: RecordShape,
): Records {
  const records: Records = { bytes: [], events: [], rawBytes: 0, oversized: [] };
  const groups = linesBySize(lines.ends, packing === 'single' ? 1 : recordLimitEvents).reverse();
  for (let group = groups.pop(); group !== undefined; group = groups.pop()) {
    const [first, last] = group;
    const raw = bytesOf(lines, first, last);
    const compressed = gzipSync(raw, { level: 1 });
    const limit = last - first > 1 ? Math.min(recordLimitBytes, quotaBytesPerSecond) : recordLimitBytes;
    if (compressed.length <= limit) {
      records.bytes.push(compressed);
      records.events.push(last - first);
      records.rawBytes += raw.length;
    } else if (last - first > 1) {
      const middle = (first + last) >> 1;
      groups.push([middle, last], [first, middle]);
    } else {
      records.oversized.push(lines.indexes[first]!);
    }
  }
  return records;
}

const compressedGroupBytes = 2 * 1024 * 1024;

function linesBySize(lineEnds: Uint32Array, mostLines: number): [number, number][] {
  const groups: [number, number][] = [];
  let first = 0;
  for (let end = 1; end <= lineEnds.length; end++) {
    const start = first === 0 ? 0 : lineEnds[first - 1]!;
    const full = end - first === mostLines || end === lineEnds.length;
    if (!full && lineEnds[end]! - start <= compressedGroupBytes) continue;
    groups.push([first, end]);
    first = end;
  }
  return groups;
}

function bytesOf(lines: Lines, first: number, last: number): Uint8Array {
  return lines.bytes.subarray(first === 0 ? 0 : lines.ends[first - 1]!, lines.ends[last - 1]!);
}
