import { type CompiledView, changesMembers, memberDepth } from '../../stored/compiled-view.ts';
import { rowWords } from '../answers/member-table.ts';
import { notedMembers } from '../answers/noted-member.ts';
import type { Cut } from '../protocol/ports/answers.ts';
import { type ActivityFilter, createActivityFilter } from './activity-filter.ts';
import { cutAlone } from './cut-alone.ts';
import { decodedText } from './decoded-text.ts';
import { type MemberRules, memberRules } from './member-rules.ts';
import { createReplacements, type Replacements, type Replacing } from './replacements.ts';
import type { ViewKey } from './view-key.ts';

/**
 * What becomes of an event: `dropped` by a rule of activities; `refused` where it is no object and the view changes
 * members, or where its view would be far longer than the event.
 */
export type Seen = 'written' | 'dropped' | 'refused';

/**
 * Writes what a destination may see of events. All bytes that no rule meets are copied as they were sent. A removed
 * member or element takes the comma and the white space before it, or, being the first, those after it.
 */
export class ViewWriter {
  /** The views of the events so far, one after the other, in the first `length` bytes. */
  target: Buffer;
  length = 0;
  /** How often each rule met: those of activities first, then those of members, in the order of the compiled view. */
  readonly met: Uint32Array;
  /** Of the last written event: true where no member is left. */
  isEmpty = false;
  /** Of the last written event: true where a member `_relay` is left. */
  hasRelayMember = false;
  /** The value of the last member `timestamp` of the last written event, in `target`; 0 to 0 where there is none. */
  timestampStart = 0;
  timestampEnd = 0;

  readonly #filter: ActivityFilter | undefined;
  readonly #rules: MemberRules;
  readonly #firstMemberRule: number;
  readonly #removesOthers: boolean;
  readonly #changesMembers: boolean;
  readonly #replacements: Replacements;
  readonly #depth: number;
  #source: Buffer = Buffer.alloc(0);
  #rows: Uint32Array = new Uint32Array();
  /** Everything of the event before this offset is written or left out. */
  #from = 0;
  #limit = 0;
  #activityRule = noActivity;

  /** @param key absent where the view changes no member */
  constructor(view: CompiledView, key: ViewKey | undefined, firstBytes = 4096) {
    this.target = Buffer.allocUnsafeSlow(firstBytes);
    this.#filter = view.activities && createActivityFilter(view.activities);
    this.#rules = memberRules(view.members);
    this.#depth = memberDepth(view);
    this.#firstMemberRule = this.#filter?.names.length ?? 0;
    this.#removesOthers = view.otherMembers === 'remove';
    this.#changesMembers = changesMembers(view);
    this.#replacements = createReplacements(key);
    this.met = new Uint32Array(this.#firstMemberRule + view.members.length);
  }

  /** Begins a batch of so many bytes. What was written before stays where it is. */
  begin(bytes: number): void {
    this.target = Buffer.allocUnsafeSlow(bytes);
    this.length = 0;
    this.met.fill(0);
  }

  /** Appends the view of an event of a cut. Its members are found where the cutter did not note them deep enough. */
  write(cut: Cut, index: number): Seen {
    const { members } = cut;
    const start = cut.starts[index]!;
    const end = cut.ends[index]!;
    if (members === undefined || members.depth < this.#depth || index >= members.events) {
      const alone = cutAlone(cut.source.subarray(start, end), this.#depth);
      return alone === undefined ? 'refused' : this.write(alone, 0);
    }
    this.#beginEvent(cut.source, start, end);
    this.#rows = members.rows;
    const before = this.length;
    if (this.#source[start] === openObject)
      this.#items(members.firsts[index]!, members.firsts[index + 1]!, this.#rules, {
        removesOthers: this.#removesOthers,
        isTop: true,
      });
    else if (this.#changesMembers) return 'refused';
    if (this.#isDropped()) {
      this.length = before;
      return 'dropped';
    }
    this.#copyTo(end);
    if (this.length <= this.#limit) return 'written';
    this.length = before;
    return 'refused';
  }

  #beginEvent(source: Uint8Array, start: number, end: number): void {
    if (
      this.#source.buffer !== source.buffer ||
      this.#source.length !== source.length ||
      this.#source.byteOffset !== source.byteOffset
    )
      this.#source = Buffer.from(source.buffer, source.byteOffset, source.length);
    this.#from = start;
    this.#limit = this.length + 2 * (end - start) + growthBytes;
    this.#activityRule = noActivity;
    this.isEmpty = false;
    this.hasRelayMember = false;
    this.timestampStart = 0;
    this.timestampEnd = 0;
  }

  /** Counts what the rules of activities made of the event. */
  #isDropped(): boolean {
    if (this.#filter === undefined) return false;
    const isNamed = this.#activityRule >= 0;
    if (isNamed) this.met[this.#activityRule]! += 1;
    return isNamed !== this.#filter.keeps;
  }

  /**
   * Writes the members of an object or the elements of an array, which have the rows from `first` to before `last`. The
   * bytes up to `#from` are written, the rest is left to the next copy.
   */
  #items(first: number, last: number, rules: MemberRules, { removesOthers, isTop }: Place): void {
    const source = this.#source;
    const rows = this.#rows;
    let endBefore = 0;
    let kept = 0;
    let isLeavingOut = false;
    for (let row = first; row < last; row = rows[row + 4]!) {
      const keyStart = rows[row]!;
      const valueStart = rows[row + 2]!;
      const valueEnd = rows[row + 3]!;
      const below = keyStart === 0 ? rules.any : rules.member(source, keyStart, rows[row + 1]!);
      const noted = below === undefined ? notedMembers.none : below.noted;
      if (noted === notedMembers.activity && !this.#maySee(valueStart, valueEnd)) return;
      const itemAt = keyStart === 0 ? valueStart : keyStart - 1;
      if (row === first) endBefore = itemAt;
      if (below === undefined ? removesOthers : this.#isRemoved(below, valueStart, removesOthers)) {
        if (!isLeavingOut) this.#copyTo(endBefore);
        isLeavingOut = true;
      } else {
        if (isLeavingOut) this.#from = kept === 0 ? itemAt : endBefore;
        isLeavingOut = false;
        kept += 1;
        if (below !== undefined) {
          const valueAt = this.length + valueStart - this.#from;
          this.#value(row, below, removesOthers);
          if (noted !== notedMembers.none) this.#note(noted, valueAt, this.length + valueEnd - this.#from);
        }
      }
      endBefore = valueEnd;
    }
    if (isLeavingOut) this.#from = endBefore;
    if (isTop) this.isEmpty = kept === 0;
  }

  /** Takes note of an activity's value. False where the event is dropped, so that no more of it needs to be read. */
  #maySee(start: number, end: number): boolean {
    if (this.#filter === undefined) return true;
    const isText = this.#source[start] === quote;
    const rule = isText ? this.#filter.ruleOf(decodedText(this.#source, start + 1, end - 1)) : noActivity;
    // Of duplicate keys, each has to be one that may be seen.
    if (rule >= 0 || this.#filter.keeps) this.#activityRule = rule;
    return rule >= 0 === this.#filter.keeps;
  }

  #isRemoved({ rule, isEmpty }: MemberRules, at: number, removesOthers: boolean): boolean {
    if (rule !== undefined) {
      this.met[this.#firstMemberRule + rule.index]! += 1;
      return rule.action === 'remove';
    }
    return removesOthers && (isEmpty || !this.#opens(at));
  }

  /** Writes the value of a row, which stays in its place. */
  #value(row: number, rules: MemberRules, removesOthers: boolean): void {
    const rows = this.#rows;
    const start = rows[row + 2]!;
    const action = rules.rule?.action;
    if (action === undefined || action === 'keep') {
      if (rules.goDeeper && this.#opens(start))
        this.#items(row + rowWords, rows[row + 4]!, rules, {
          removesOthers: removesOthers && action !== 'keep',
          isTop: false,
        });
      return;
    }
    const end = rows[row + 3]!;
    const replacement = this.#replacements.of(action as Replacing, this.#source, start, end);
    if (replacement === undefined) return;
    this.#copyTo(start);
    this.#put(replacement.found, replacement.start, replacement.end);
    this.#from = end;
  }

  #opens(at: number): boolean {
    const byte = this.#source[at];
    return byte === openObject || byte === openArray;
  }

  #note(noted: number, start: number, end: number): void {
    if (noted === notedMembers.relay) this.hasRelayMember = true;
    else if (noted === notedMembers.timestamp) {
      this.timestampStart = start;
      this.timestampEnd = end;
    }
  }

  #copyTo(end: number): void {
    this.#put(this.#source, this.#from, end);
    this.#from = end;
  }

  /** Beyond the event's limit nothing is written, and only the length grows. */
  #put(bytes: Buffer, start: number, end: number): void {
    const at = this.length;
    this.length += end - start;
    if (this.length > this.#limit) return;
    if (this.length > this.target.length) this.#grow(at);
    const { target } = this;
    if (end - start > shortBytes) bytes.copy(target, at, start, end);
    else for (let index = start; index < end; index++) target[at + index - start] = bytes[index]!;
  }

  #grow(written: number): void {
    const longer = Buffer.allocUnsafeSlow(Math.max(this.length, this.target.length * 2));
    this.target.copy(longer, 0, 0, written);
    this.target = longer;
  }
}

interface Place {
  /** True where what no rule names is left out. */
  readonly removesOthers: boolean;
  /** True for the members of the event itself. */
  readonly isTop: boolean;
}

const openObject = 0x7b;
const openArray = 0x5b;
const quote = 0x22;
const noActivity = -1;
/** A view is at most twice as long as its event, and by this longer: the memory that views take is bounded by that. */
const growthBytes = 256;
/** Below it a loop is cheaper than a call. */
const shortBytes = 24;
