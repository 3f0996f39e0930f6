/**
 * Tells which of the members that the relay needs a key without escapes names.
 *
 * @param start the offset after the key's opening quote
 * @param end the offset of its closing quote
 */
export function plainMember(source: Uint8Array, start: number, end: number): NotedMember {
  const known = end - start < byLength.length ? byLength[end - start] : undefined;
  return known !== undefined && holds(source, start, known.name) ? known.member : notedMembers.none;
}

/** The same for a key with an escape, read by `JSON.parse`. Its fault with escaped object keys does not affect a lone string. */
export function escapedMember(source: Uint8Array, start: number, end: number): NotedMember {
  const text = Buffer.from(source.buffer, source.byteOffset + start, end - start).toString();
  const key = JSON.parse(`"${text}"`) as string;
  return Object.hasOwn(notedNames, key) ? notedNames[key as keyof typeof notedNames] : notedMembers.none;
}

export const notedMembers = { none: 0, relay: 1, timestamp: 2, activity: 3 } as const;
export type NotedMember = (typeof notedMembers)[keyof typeof notedMembers];

interface Known {
  readonly name: Uint8Array;
  readonly member: NotedMember;
}

/** The keys of the members that the relay needs. */
export const notedNames = {
  _relay: notedMembers.relay,
  timestamp: notedMembers.timestamp,
  activity: notedMembers.activity,
} as const;

/** The names by their lengths, which all differ. */
const byLength: (Known | undefined)[] = Array.from({ length: 16 }, () => undefined);
for (const [name, member] of Object.entries(notedNames))
  byLength[name.length] = { name: Buffer.from(name), member };

function holds(source: Uint8Array, start: number, name: Uint8Array): boolean {
  for (let index = 0; index < name.length; index++) if (source[start + index] !== name[index]) return false;
  return true;
}
