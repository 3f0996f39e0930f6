import type { MemberPositions } from '../protocol/ports/answers.ts';
import { notedMembers } from './noted-member.ts';

/**
 * Most events of an answer, a hundred times more than Mosaic sends. Each costs 25 bytes here and a line of 200
 * bytes for each destination, so without a bound 60 MB of numbers would take gigabytes. A power of two, like the
 * table's room.
 */
export const mostEvents = 131_072;

/** Notes on each event while an answer is cut: columns that grow together, one row an event. */
export class EventTable {
  /** Rows that fit before the table grows; Mosaic sends at most 1,000 events in an answer. */
  capacity = 1024;
  starts = new Uint32Array(this.capacity);
  ends = new Uint32Array(this.capacity);
  flags = new Uint8Array(this.capacity);
  #timestampStarts = new Uint32Array(this.capacity);
  #timestampEnds = new Uint32Array(this.capacity);
  #activityStarts = new Uint32Array(this.capacity);
  #activityEnds = new Uint32Array(this.capacity);

  /** Doubles the room; the columns are new arrays afterwards. */
  grow(): void {
    this.capacity *= 2;
    this.starts = longer(this.starts);
    this.ends = longer(this.ends);
    const flags = new Uint8Array(this.capacity);
    flags.set(this.flags);
    this.flags = flags;
    this.#timestampStarts = longer(this.#timestampStarts);
    this.#timestampEnds = longer(this.#timestampEnds);
    this.#activityStarts = longer(this.#activityStarts);
    this.#activityEnds = longer(this.#activityEnds);
  }

  noteMember(row: number, member: number, valueStart: number, valueEnd: number): void {
    if (member === notedMembers.timestamp) {
      this.#timestampStarts[row] = valueStart;
      this.#timestampEnds[row] = valueEnd;
    } else if (member === notedMembers.activity) {
      this.#activityStarts[row] = valueStart;
      this.#activityEnds[row] = valueEnd;
    }
  }

  timestamps(rows: number): MemberPositions {
    return { starts: this.#timestampStarts.subarray(0, rows), ends: this.#timestampEnds.subarray(0, rows) };
  }

  activities(rows: number): MemberPositions {
    return { starts: this.#activityStarts.subarray(0, rows), ends: this.#activityEnds.subarray(0, rows) };
  }
}

function longer(column: Uint32Array): Uint32Array<ArrayBuffer> {
  const twice = new Uint32Array(column.length * 2);
  twice.set(column);
  return twice;
}
