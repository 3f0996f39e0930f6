import type { CompiledShape } from '../../../stored/compiled-shape.ts';
import { eventFlags } from '../../answers/cut-events.ts';
import { parseTimestamp } from '../../answers/event-timestamp.ts';
import type { Cut } from '../../protocol/ports/answers.ts';
import { cutAlone } from '../cut-alone.ts';
import { decodedText, hasEscape } from '../decoded-text.ts';
import { ByteTarget, headBytes } from './byte-target.ts';
import { EventMembers } from './event-members.ts';
import { memberSlots } from './member-slots.ts';
import { MemberWriter } from './member-writer.ts';
import { type PlannedKind, planShape, type ShapePlan } from './shape-plan.ts';

/** The facts of an event that do not stand in its bytes. */
export interface ShapedFacts {
  /** Holds the event's id at `idAt`. */
  readonly ids: Buffer;
  readonly idAt: number;
  /** Milliseconds since the epoch. */
  readonly collectedAt: number;
}

/**
 * Writes events in the form of a shape. Each member of an event is copied to its place, or stays in `unmapped`; what an
 * earlier member of the same name says stands in `raw_data`, which such an event has even where the shape has none.
 */
export class ShapeWriter {
  readonly target = new ByteTarget();
  /** Of the last event: true where the table does not know the activity. */
  isUnknown = false;
  /** Of the last event: true where its timestamp can be read. */
  isTimeKnown = false;

  readonly #rawData: boolean;
  readonly #plan: ShapePlan;
  readonly #members: EventMembers;
  readonly #activitySlot: number;
  readonly #timestampSlot: number;
  readonly #writer: MemberWriter;

  constructor(shape: CompiledShape) {
    const slots = memberSlots(shape);
    this.#rawData = shape.rawData;
    this.#plan = planShape(shape, slots);
    this.#members = new EventMembers(slots);
    this.#writer = new MemberWriter(this.target, this.#members);
    this.#activitySlot = slots.slotOf('activity');
    this.#timestampSlot = slots.slotOf('timestamp');
  }

  /** Appends the event of this index to `target`. */
  write(cut: Cut, index: number, facts: ShapedFacts): void {
    const { members } = cut;
    const start = cut.starts[index]!;
    const end = cut.ends[index]!;
    const isObject = (cut.flags[index]! & eventFlags.object) !== 0;
    if (isObject && (members === undefined || members.depth < 2 || index >= members.events)) {
      const alone = cutAlone(cut.source.subarray(start, end), 2);
      if (alone !== undefined) this.write(alone, 0, facts);
      else this.#writeWhole(cut, index, { facts, isObject: true });
      return;
    }
    if (!isObject) {
      this.#writeWhole(cut, index, { facts, isObject: false });
      return;
    }
    const source = bufferOf(cut.singleLine);
    this.target.reserve(2 * (end - start) + 4 * headBytes);
    this.#members.read(source, members!.rows, members!.firsts[index]!, members!.firsts[index + 1]!);
    const kind = this.#kind();
    const begunAt = this.target.length;
    this.#begin(kind, facts);
    for (const member of kind.members) this.#writer.write(member);
    this.#writer.unmapped(kind.isUnknown);
    this.#end(cut, index, { begunAt, needsRawData: this.#members.hasDuplicates });
  }

  /** An event whose members are not looked at: one that is no object, or has more members than are ever noted. */
  #writeWhole(
    cut: Cut,
    index: number,
    { facts, isObject }: { readonly facts: ShapedFacts; readonly isObject: boolean },
  ): void {
    const [start, end] = [cut.starts[index]!, cut.ends[index]!];
    this.target.reserve(2 * (end - start) + 4 * headBytes);
    this.#members.read(noBytes, noRows, 0, 0);
    const begunAt = this.target.length;
    this.#begin(this.#plan.unknown, facts);
    for (const member of this.#plan.unknown.members) this.#writer.write(member);
    this.target.put(isObject ? unmappedOpening : unmappedEvent);
    this.target.copy(bufferOf(cut.singleLine), start, end);
    if (!isObject) this.target.byte(closeObject);
    this.#end(cut, index, { begunAt, needsRawData: false });
  }

  /** Of the last event: the offset of its timestamp in `target`, which stands there as a string; 0 where none can be read. */
  get timestampStart(): number {
    return this.isTimeKnown ? this.#writer.timeStart : 0;
  }

  get timestampEnd(): number {
    return this.isTimeKnown ? this.#writer.timeEnd : 0;
  }

  #kind(): PlannedKind {
    const row = this.#members.slotRows[this.#activitySlot]!;
    const activity = this.#text(row);
    const kinds = activity === undefined ? [] : this.#plan.kindsOf(activity);
    for (const { kind, whenSlot, whenIs } of kinds)
      if (whenSlot === undefined || this.#text(this.#members.slotRows[whenSlot]!) === whenIs) return kind;
    return this.#plan.unknown;
  }

  /** The decoded text of a member's value; undefined where the value is no string. */
  #text(row: number): string | undefined {
    if (row < 0) return undefined;
    const { rows, source } = this.#members;
    const start = rows[row + 2]!;
    const end = rows[row + 3]! - 1;
    if (source[start] !== quote) return undefined;
    // Every name that is compared is ASCII, which is the same in all these encodings.
    return hasEscape(source, start + 1, end)
      ? decodedText(source, start + 1, end)
      : source.toString('latin1', start + 1, end);
  }

  #begin({ head, isUnknown }: PlannedKind, { ids, idAt, collectedAt }: ShapedFacts): void {
    this.isUnknown = isUnknown;
    this.#writer.begin(ids, idAt);
    const row = this.#members.slotRows[this.#timestampSlot]!;
    const { rows, source } = this.#members;
    const time = row < 0 ? undefined : parseTimestamp(source, rows[row + 2]!, rows[row + 3]!);
    this.isTimeKnown = time !== undefined;
    this.target.put(head);
    this.target.put(timeOpening);
    this.target.digits(time ?? collectedAt);
  }

  #end(
    cut: Cut,
    index: number,
    { begunAt, needsRawData }: { readonly begunAt: number; readonly needsRawData: boolean },
  ): void {
    const { target } = this;
    if (this.#rawData || needsRawData) {
      const before = target.length;
      target.put(rawDataOpening);
      target.escaped(cut.source, cut.starts[index]!, cut.ends[index]!);
      target.byte(quote);
      if (!needsRawData && target.length - begunAt > mostBytes) target.length = before;
    }
    target.reserve(1);
    target.byte(closeObject);
  }
}

/** A record of Firehose holds 1,000 KiB, of which the ends of a line and an envelope take the rest. */
const mostBytes = 1_000 * 1024 - 4_096;

const timeOpening = Buffer.from(',"time":');
const unmappedOpening = Buffer.from(',"unmapped":');
const unmappedEvent = Buffer.from(',"unmapped":{"event":');
const rawDataOpening = Buffer.from(',"raw_data":"');
const noBytes = Buffer.alloc(0);
const noRows = new Uint32Array();
const quote = 0x22;
const closeObject = 0x7d;

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}
