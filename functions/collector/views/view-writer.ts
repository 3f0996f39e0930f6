import { type CompiledView, changesMembers } from '../../stored/compiled-view.ts';
import { endOfString } from '../answers/json-tokens.ts';
import { notedMember, notedMembers } from '../answers/noted-member.ts';
import { type ActivityFilter, createActivityFilter } from './activity-filter.ts';
import { decodedText } from './decoded-text.ts';
import {
  afterSpace,
  closeArray,
  closeObject,
  comma,
  endOfValue,
  openArray,
  openObject,
  quote,
} from './json-walk.ts';
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
  #source: Buffer = Buffer.alloc(0);
  /** Everything of the event before this offset is written or left out. */
  #from = 0;
  #limit = 0;
  #activityRule = noActivity;

  /** @param key absent where the view changes no member */
  constructor(view: CompiledView, key: ViewKey | undefined, firstBytes = 4096) {
    this.target = Buffer.allocUnsafeSlow(firstBytes);
    this.#filter = view.activities && createActivityFilter(view.activities);
    this.#rules = memberRules(view.members);
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

  /** Appends the view of the event that lies from `start` to before `end`, which must be valid JSON. */
  write(source: Uint8Array, start: number, end: number): Seen {
    this.#beginEvent(source, start, end);
    const before = this.length;
    if (source[start] === openObject)
      this.#items(start, this.#rules, { removesOthers: this.#removesOthers, isTop: true });
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
   * Writes an object or an array that begins at `open`, and returns the offset after it. Its bytes up to `#from` are
   * written, the rest is left to the next copy.
   */
  #items(open: number, rules: MemberRules, { removesOthers, isTop }: Place): number {
    const source = this.#source;
    const isObject = source[open] === openObject;
    const close = isObject ? closeObject : closeArray;
    let at = afterSpace(source, open + 1);
    let endBefore = at;
    let kept = 0;
    let isLeavingOut = false;
    while (source[at] !== close) {
      const itemAt = at;
      let below = rules.any;
      let noted: number = notedMembers.none;
      if (isObject) {
        const keyEnd = endOfString(source, at + 1);
        below = rules.member(source, at + 1, keyEnd - 1);
        if (isTop) noted = notedMember(source, at + 1, keyEnd - 1);
        at = afterSpace(source, afterSpace(source, keyEnd) + 1);
        if (noted === notedMembers.activity && !this.#maySee(at)) return at;
      }
      if (this.#isRemoved(below, at, removesOthers)) {
        if (!isLeavingOut) this.#copyTo(endBefore);
        isLeavingOut = true;
        at = endOfValue(source, at);
      } else {
        if (isLeavingOut) this.#from = kept === 0 ? itemAt : endBefore;
        isLeavingOut = false;
        kept += 1;
        const valueAt = this.length + at - this.#from;
        at = this.#value(at, below, removesOthers);
        if (noted !== notedMembers.none) this.#note(noted, valueAt, this.length + at - this.#from);
      }
      endBefore = at;
      at = afterSpace(source, at);
      if (source[at] === comma) at = afterSpace(source, at + 1);
    }
    if (isLeavingOut) this.#from = endBefore;
    if (isTop) this.isEmpty = kept === 0;
    return at + 1;
  }

  /** Takes note of an activity at `at`. False where the event is dropped, so that no more of it needs to be read. */
  #maySee(at: number): boolean {
    if (this.#filter === undefined) return true;
    const isText = this.#source[at] === quote;
    const rule = isText
      ? this.#filter.ruleOf(decodedText(this.#source, at + 1, endOfString(this.#source, at + 1) - 1))
      : noActivity;
    // Of duplicate keys, each has to be one that may be seen.
    if (rule >= 0 || this.#filter.keeps) this.#activityRule = rule;
    return rule >= 0 === this.#filter.keeps;
  }

  #isRemoved(rules: MemberRules | undefined, at: number, removesOthers: boolean): boolean {
    const rule = rules?.rule;
    if (rule !== undefined) {
      this.met[this.#firstMemberRule + rule.index]! += 1;
      return rule.action === 'remove';
    }
    return removesOthers && (rules === undefined || !this.#opens(at));
  }

  /** Writes a value that stays in its place, and returns the offset after it. */
  #value(at: number, rules: MemberRules | undefined, removesOthers: boolean): number {
    const source = this.#source;
    const action = rules?.rule?.action;
    if (action === undefined || action === 'keep') {
      if (rules?.goDeeper && this.#opens(at))
        return this.#items(at, rules, { removesOthers: removesOthers && action !== 'keep', isTop: false });
      return endOfValue(source, at);
    }
    const end = endOfValue(source, at);
    const replacement = this.#replacements.of(action as Replacing, source, at, end);
    if (replacement === undefined) return end;
    this.#copyTo(at);
    this.#put(replacement, 0, replacement.length);
    this.#from = end;
    return end;
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
  #put(bytes: Uint8Array, start: number, end: number): void {
    const at = this.length;
    this.length += end - start;
    if (this.length > this.#limit) return;
    if (this.length > this.target.length) this.#grow(at);
    const { target } = this;
    if (end - start > shortBytes) target.set(bytes.subarray(start, end), at);
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

const noActivity = -1;
/** A view is at most twice as long as its event, and by this longer: the memory that views take is bounded by that. */
const growthBytes = 256;
/** Below it a loop is cheaper than a call. */
const shortBytes = 24;
