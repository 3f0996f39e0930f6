import type { CompiledShape } from '../../../stored/compiled-shape.ts';
import { cutEvents, eventFlags } from '../../answers/cut-events.ts';
import { eventIdLength, eventIds, setEventIds } from '../../answers/event-id.ts';
import type { Cut } from '../../protocol/ports/answers.ts';
import { ShapeWriter } from './shape-writer.ts';

/** A batch of which each event is written in the form of a shape. Ids are those of the batch. */
export interface ShapedCut {
  readonly cut: Cut;
  /** Events of activities that the table does not know. */
  readonly unknown: number;
}

export type Shaper = (cut: Cut, facts: { readonly type: string; readonly collectedAt: number }) => ShapedCut;

export function createShaper(shape: CompiledShape): Shaper {
  const writer = new ShapeWriter(shape);
  const growth = shape.rawData ? 2.2 : 1.2;
  return (cut, { type, collectedAt }) => {
    const { count } = cut;
    const ids = eventIds(cut, type);
    const columns = Array.from({ length: 4 }, () => new Uint32Array(count));
    const [starts, ends, timestampStarts, timestampEnds] = columns as [
      Uint32Array,
      Uint32Array,
      Uint32Array,
      Uint32Array,
    ];
    let unknown = 0;
    writer.target.begin(Math.ceil(cut.source.length * growth) + count * usualBytes);
    for (let index = 0; index < count; index++) {
      starts[index] = writer.target.length;
      writer.write(cut, index, { ids, idAt: index * eventIdLength, collectedAt });
      ends[index] = writer.target.length;
      timestampStarts[index] = writer.timestampStart;
      timestampEnds[index] = writer.timestampEnd;
      if (writer.isUnknown) unknown += 1;
    }
    const source = writer.target.bytes.subarray(0, writer.target.length);
    const shaped: Cut = {
      source,
      singleLine: source,
      count,
      starts,
      ends,
      flags: new Uint8Array(count).fill(eventFlags.object),
      timestamps: { starts: timestampStarts, ends: timestampEnds },
      activities: { starts: new Uint32Array(count), ends: new Uint32Array(count) },
    };
    setEventIds(shaped, { type, ids });
    return { cut: shaped, unknown };
  };
}

/** Constant text of a line. */
const usualBytes = 700;

/** Cuts what a view shows once more, since the places of members are those of the batch, and a view has moved them. */
export function cutAgain(seen: Cut, type: string): Cut {
  const parts: Uint8Array[] = [openArray];
  for (let index = 0; index < seen.count; index++) {
    if (index > 0) parts.push(comma);
    parts.push(seen.source.subarray(seen.starts[index]!, seen.ends[index]!));
  }
  const cut = cutEvents(Buffer.concat([...parts, closeArray]), { depth: 2 });
  if ('damaged' in cut) throw new Error(`a view is no JSON: ${cut.message}`);
  setEventIds(cut, { type, ids: eventIds(seen, type) });
  return cut;
}

const openArray = Buffer.from('[');
const comma = Buffer.from(',');
const closeArray = Buffer.from(']');
