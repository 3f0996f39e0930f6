/**
 * Which member of an event a key names, of those that the relay needs to know of.
 *
 * @param start after the key's opening quote
 * @param end at its closing quote
 */
export function wantedMember(source: Uint8Array, start: number, end: number): WantedMember {
  const known = end - start < byLength.length ? byLength[end - start] : undefined;
  if (known !== undefined && holds(source, start, known.name)) return known.member;
  return hasEscape(source, start, end) ? escapedMember(source, start, end) : wanted.none;
}

export const wanted = { none: 0, relay: 1, timestamp: 2, activity: 3 } as const;
export type WantedMember = (typeof wanted)[keyof typeof wanted];

interface Known {
  readonly name: Uint8Array;
  readonly member: WantedMember;
}

const names = { _relay: wanted.relay, timestamp: wanted.timestamp, activity: wanted.activity } as const;

/** No two of the names are of one length. */
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

/** A lone string is not touched by the fault that mixes up object keys. */
function escapedMember(source: Uint8Array, start: number, end: number): WantedMember {
  const text = Buffer.from(source.buffer, source.byteOffset + start, end - start).toString();
  const key = JSON.parse(`"${text}"`) as string;
  return Object.hasOwn(names, key) ? names[key as keyof typeof names] : wanted.none;
}
