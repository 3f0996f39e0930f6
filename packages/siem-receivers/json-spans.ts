/** Where a value lies in its text: `start` is its first byte, `end` the one after its last. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface MemberSpan extends Span {
  readonly name: string;
}

/** The text is not JSON, from `at` on. */
export class JsonFault extends Error {
  readonly at: number;

  constructor(message: string, at: number) {
    super(`${message} at byte ${at}`);
    this.at = at;
  }
}

const deepest = 2_000;

/**
 * Reads JSON values that follow each other, with nothing but white space between them, by RFC 8259 to the letter.
 * Values stay bytes, so that nothing that was sent is changed by being looked at.
 * @throws {JsonFault} where it is not JSON, after the values before it
 */
export function* concatenatedValues(bytes: Buffer): Generator<Span> {
  for (let at = skipSpace(bytes, 0); at < bytes.length; ) {
    const end = endOfValue(bytes, at, 0);
    yield { start: at, end };
    at = skipSpace(bytes, end);
  }
}

/** The one value of a text. @throws {JsonFault} when there is none, or more */
export function onlyValue(bytes: Buffer): Span {
  const start = skipSpace(bytes, 0);
  const end = endOfValue(bytes, start, 0);
  const rest = skipSpace(bytes, end);
  if (rest < bytes.length) throw new JsonFault('more than one value', rest);
  return { start, end };
}

/** The members of the object at `start`, in order. @throws {JsonFault} also when it is no object */
export function membersOf(bytes: Buffer, start: number): MemberSpan[] {
  const members: MemberSpan[] = [];
  if (bytes[start] !== code('{')) throw new JsonFault('no object', start);
  endOfObject(bytes, start, 0, (name, value) =>
    members.push({ name: JSON.parse(bytes.toString('utf8', name.start, name.end)) as string, ...value }),
  );
  return members;
}

/** The elements of the array at `start`, in order. @throws {JsonFault} also when it is no array */
export function elementsOf(bytes: Buffer, start: number): Span[] {
  const elements: Span[] = [];
  if (bytes[start] !== code('[')) throw new JsonFault('no array', start);
  endOfArray(bytes, start, 0, (value) => elements.push(value));
  return elements;
}

function endOfValue(bytes: Buffer, start: number, depth: number): number {
  if (depth > deepest) throw new JsonFault(`nested deeper than ${deepest}`, start);
  switch (bytes[start]) {
    case code('{'):
      return endOfObject(bytes, start, depth);
    case code('['):
      return endOfArray(bytes, start, depth);
    case code('"'):
      return endOfString(bytes, start);
    case code('t'):
      return endOfWord(bytes, start, 'true');
    case code('f'):
      return endOfWord(bytes, start, 'false');
    case code('n'):
      return endOfWord(bytes, start, 'null');
    default:
      return endOfNumber(bytes, start);
  }
}

function endOfObject(
  bytes: Buffer,
  start: number,
  depth: number,
  onMember?: (name: Span, value: Span) => void,
): number {
  let at = skipSpace(bytes, start + 1);
  if (bytes[at] === code('}')) return at + 1;
  for (;;) {
    if (bytes[at] !== code('"')) throw new JsonFault('no member name', at);
    const name = { start: at, end: endOfString(bytes, at) };
    at = skipSpace(bytes, name.end);
    if (bytes[at] !== code(':')) throw new JsonFault('no colon', at);
    at = skipSpace(bytes, at + 1);
    const end = endOfValue(bytes, at, depth + 1);
    onMember?.(name, { start: at, end });
    at = skipSpace(bytes, end);
    if (bytes[at] === code('}')) return at + 1;
    if (bytes[at] !== code(',')) throw new JsonFault('no comma', at);
    at = skipSpace(bytes, at + 1);
  }
}

function endOfArray(bytes: Buffer, start: number, depth: number, onElement?: (value: Span) => void): number {
  let at = skipSpace(bytes, start + 1);
  if (bytes[at] === code(']')) return at + 1;
  for (;;) {
    const end = endOfValue(bytes, at, depth + 1);
    onElement?.({ start: at, end });
    at = skipSpace(bytes, end);
    if (bytes[at] === code(']')) return at + 1;
    if (bytes[at] !== code(',')) throw new JsonFault('no comma', at);
    at = skipSpace(bytes, at + 1);
  }
}

function endOfString(bytes: Buffer, start: number): number {
  for (let at = start + 1; at < bytes.length; at += 1) {
    const byte = bytes[at] as number;
    if (byte === code('"')) return at + 1;
    if (byte < 0x20) throw new JsonFault('a control character in a string', at);
    if (byte !== code('\\')) continue;
    at += 1;
    if (bytes[at] === code('u')) {
      if (!/^[0-9a-fA-F]{4}$/.test(bytes.toString('latin1', at + 1, at + 5)))
        throw new JsonFault('a bad \\u', at);
      at += 4;
    } else if (!'"\\/bfnrt'.includes(String.fromCharCode(bytes[at] ?? 0)))
      throw new JsonFault('a bad escape', at);
  }
  throw new JsonFault('an unended string', bytes.length);
}

function endOfWord(bytes: Buffer, start: number, word: string): number {
  const end = start + word.length;
  if (bytes.toString('latin1', start, end) !== word) throw new JsonFault('no value', start);
  return end;
}

const number = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;

function endOfNumber(bytes: Buffer, start: number): number {
  let end = start;
  while (end < bytes.length && '+-.0123456789Ee'.includes(String.fromCharCode(bytes[end] as number)))
    end += 1;
  number.lastIndex = 0;
  const text = bytes.toString('latin1', start, end);
  if (text === '' || number.exec(text)?.[0] !== text) throw new JsonFault('no value', start);
  return end;
}

function skipSpace(bytes: Buffer, start: number): number {
  let at = start;
  while (bytes[at] === 0x20 || bytes[at] === 0x09 || bytes[at] === 0x0a || bytes[at] === 0x0d) at += 1;
  return at;
}

function code(character: string): number {
  return character.charCodeAt(0);
}
