/**
 * Tells which of the members that the relay needs a key names.
 *
 * @param start the offset after the key's opening quote
 * @param end the offset of its closing quote
 */
export function notedMember(source: Uint8Array, start: number, end: number): NotedMember {
  const known = end - start < byLength.length ? byLength[end - start] : undefined;
  if (known !== undefined && holds(source, start, known.name)) return known.member;
  return hasEscape(source, start, end) ? escapedMember(source, start, end) : notedMembers.none;
}

export const notedMembers = { none: 0, relay: 1, timestamp: 2, activity: 3 } as const;
export type NotedMember = (typeof notedMembers)[keyof typeof notedMembers];

interface Known {
  readonly name: Uint8Array;
  readonly member: NotedMember;
}

const names = {
  _relay: notedMembers.relay,
  timestamp: notedMembers.timestamp,
  activity: notedMembers.activity,
} as const;

/** The names by their lengths, which all differ. */
const byLength: (Known | undefined)[] = Array.from({ length: 16 }, () => undefined);
for (const [name, member] of Object.entries(names))
  byLength[name.length] = { name: Buffer.from(name), member };

function holds(source: Uint8Array, start: number, name: Uint8Array): boolean {
  for (let index = 0; index < name.length; index++) if (source[start + index] !== name[index]) return false;
  return true;
}

function hasEscape(source: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (source[at] === 0x5c /* \ */) return true;
  return false;
}

/** Reads a key with escapes by `JSON.parse`. Its fault with escaped object keys does not affect a lone string. */
function escapedMember(source: Uint8Array, start: number, end: number): NotedMember {
  const text = Buffer.from(source.buffer, source.byteOffset + start, end - start).toString();
  const key = JSON.parse(`"${text}"`) as string;
  return Object.hasOwn(names, key) ? names[key as keyof typeof names] : notedMembers.none;
}
