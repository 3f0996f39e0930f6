import { mostUnknownNames, type UnknownName } from '../../stored/unknown-names.ts';
import type { Cut, UnknownCounts } from '../protocol/ports/answers.ts';
import { eventFlags } from './cut-events.ts';
import { byteAt, endOfPlainString, endOfString } from './json-tokens.ts';
import { knownMembers, knownNames } from './known-names.ts';
import { NameSet } from './name-set.ts';
import { isTellable } from './tellable-name.ts';

/**
 * Counts the activities and members that the table of documented names does not have, of an event itself and of its
 * additional parameters, in a sample of the answer, spread over it: at most 100 events and 256 KiB, and after the first 100
 * events of a run no more than one in 25. So the look costs at most a fiftieth of a run's CPU: `lab/bench/measure-unknown.ts`.
 *
 * The answer has been cut, so its bytes are valid JSON. Where a name occurs twice in an event, it counts twice.
 * @param type of the stream's events
 */
export function lookForUnknown(cut: Cut, type: string, counts: UnknownCounts): void {
  const known = byType.get(type);
  if (known === undefined) return;
  counts.events += cut.count;
  const due = mostSampled + Math.floor(counts.events / 25) - counts.sampled;
  const looks = Math.min(cut.count, mostSampled, Math.max(1, due));
  let bytesLeft = mostSampledBytes;
  for (let look = 0; look < looks; look += 1) {
    const index = Math.floor((look * cut.count) / looks);
    if ((cut.flags[index]! & eventFlags.object) === 0) continue;
    bytesLeft -= cut.ends[index]! - cut.starts[index]!;
    if (bytesLeft < 0) return;
    lookAtEvent(cut, index, { known, counts });
  }
}

const mostSampled = 100;
const mostSampledBytes = 256 * 1024;

interface Known {
  readonly activities: NameSet;
  /** Activities whose additional parameters are free. */
  readonly free: NameSet;
  readonly parameters: NameSet;
}

interface Looking {
  readonly known: Known;
  readonly counts: UnknownCounts;
}

const members = new NameSet(knownMembers);
const parameterMembers = new NameSet(['additionalParams', 'additional_params']);
const byType = new Map<string, Known>(
  Object.entries(knownNames).map(([type, { activities, free, parameters }]) => [
    type,
    {
      activities: new NameSet(activities),
      free: new NameSet(free),
      parameters: new NameSet(parameters),
    },
  ]),
);

function lookAtEvent({ source, starts, activities }: Cut, index: number, { known, counts }: Looking): void {
  counts.sampled += 1;
  // Within the quotes of the value. A value that is no string, or none at all, is in no table either.
  const [from, to] = [activities.starts[index]! + 1, activities.ends[index]! - 1];
  if (!known.activities.has(source, from, to)) {
    counts.activities += 1;
    if (byteAt(source, from - 1) === quote) tell(source, from, to, { kind: 'activity', counts });
  }
  const inner = known.free.has(source, from, to) ? undefined : known.parameters;
  lookAtMembers(source, starts[index]!, { kind: 'member', names: members, inner, counts });
}

interface LookedAt {
  readonly kind: 'member' | 'parameter';
  readonly names: NameSet;
  /** The known names of the members of the additional parameters. Absent where these are free, or looked at themselves. */
  readonly inner: NameSet | undefined;
  readonly counts: UnknownCounts;
}

/** Looks at the members of the object that begins at an offset, and of its additional parameters, and at nothing below. */
function lookAtMembers(source: Uint8Array, objectAt: number, looked: LookedAt): void {
  const { names, inner, counts } = looked;
  let at = afterSpace(source, objectAt + 1);
  while (byteAt(source, at) === quote) {
    const keyStart = at + 1;
    const plainEnd = endOfPlainString(source, keyStart);
    const keyEnd = (plainEnd === -1 ? endOfString(source, keyStart) : plainEnd) - 1;
    // The colon stands between.
    const valueAt = afterSpace(source, afterSpace(source, keyEnd + 1) + 1);
    if (!names.has(source, keyStart, keyEnd)) countMember(source, keyStart, keyEnd, looked);
    else if (
      inner !== undefined &&
      byteAt(source, valueAt) === openObject &&
      parameterMembers.has(source, keyStart, keyEnd)
    )
      lookAtMembers(source, valueAt, { kind: 'parameter', names: inner, inner: undefined, counts });
    at = afterSpace(source, endOfValue(source, valueAt));
    if (byteAt(source, at) !== comma) return;
    at = afterSpace(source, at + 1);
  }
}

/** Counts a key that is not in the set as it is written: with its escapes decoded it may be. */
function countMember(
  source: Uint8Array,
  start: number,
  end: number,
  { kind, names, counts }: LookedAt,
): void {
  if (source.subarray(start, end).includes(backslash)) {
    const decoded = Buffer.from(decodedText(source, start, end));
    if (names.has(decoded, 0, decoded.length)) return;
  }
  counts.members += 1;
  tell(source, start, end, { kind, counts });
}

/** Counts a name by itself where it can be told and fewer than 20 are. No other name is kept. */
function tell(
  source: Uint8Array,
  start: number,
  end: number,
  { kind, counts: { names } }: { readonly kind: UnknownName['kind']; readonly counts: UnknownCounts },
): void {
  // Six bytes are the longest that an escape makes of a character.
  if (end - start > 64 * 6 || end === start) return;
  const name = decodedText(source, start, end);
  const key = `${kind} ${name}`;
  const counted = names.get(key);
  if (counted !== undefined) counted.count += 1;
  else if (names.size < mostUnknownNames && isTellable(name)) names.set(key, { kind, name, count: 1 });
}

/** A lone string is not touched by the fault of `JSON.parse` that mixes up object keys. */
function decodedText(source: Uint8Array, start: number, end: number): string {
  const text = Buffer.from(source.buffer, source.byteOffset + start, end - start).toString();
  return text.includes('\\') ? (JSON.parse(`"${text}"`) as string) : text;
}

function endOfValue(source: Uint8Array, from: number): number {
  const first = byteAt(source, from);
  if (first === quote) return endOfString(source, from + 1);
  if (first === openObject || first === openArray) return endOfContainer(source, from);
  let at = from;
  while (!endsScalar(byteAt(source, at))) at += 1;
  return at;
}

/** The offset after the bracket that closes what opens at `from`. */
function endOfContainer(source: Uint8Array, from: number): number {
  let depth = 0;
  let at = from;
  while (at < source.length) {
    const step = structure[source[at]!]!;
    at += 1;
    if (step === 0) continue;
    if (step === 2) {
      at = endOfString(source, at);
      continue;
    }
    depth += step;
    if (depth === 0) break;
  }
  return at;
}

function endsScalar(byte: number): boolean {
  return byte <= 0x20 || byte === comma || byte === closeObject || byte === closeArray;
}

function afterSpace(source: Uint8Array, from: number): number {
  let at = from;
  while (at < source.length && source[at]! <= 0x20) at += 1;
  return at;
}

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const openArray = 0x5b;
const closeArray = 0x5d;
const openObject = 0x7b;
const closeObject = 0x7d;

/** What a byte outside strings does to the depth; 2 for the quote that begins a string. */
const structure = new Int8Array(256);
structure[openObject] = 1;
structure[openArray] = 1;
structure[closeObject] = -1;
structure[closeArray] = -1;
structure[quote] = 2;
