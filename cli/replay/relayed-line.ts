/** The facts that a line of the relay's holds about itself. */
export interface RelayedLine {
  readonly eventId: string;
  /** Milliseconds since the epoch. */
  readonly collectedAt: number;
  readonly replayed: boolean;
  /** The view that it was made by; absent where it shows everything. */
  readonly view?: string;
  /** The id of the key that its view made its id with; absent where the id is the raw one. */
  readonly key?: string;
  /**
   * The event's bytes as one line, without `_relay` or without Splunk's envelope. Only the id can tell whether an
   * event came wrapped as `{"event":…}`, or as a string there, so every reading is given.
   */
  readonly events: readonly Uint8Array[];
}

/**
 * Reads a line of either format: the event with `_relay` as its last member, or Splunk's envelope.
 *
 * @returns undefined for a line that the relay did not write
 */
export function readRelayedLine(line: Uint8Array): RelayedLine | undefined {
  const facts = factsOf(line);
  if (facts === undefined) return undefined;
  const { splunk, at, values } = facts;
  const eventId = String(splunk ? values.event_id : values.id);
  const collectedAt = Date.parse(String(values.collected_at));
  if (!/^[0-9a-f]{32}$/.test(eventId) || Number.isNaN(collectedAt)) return undefined;
  const replayed = values.replayed === true || values.replayed === 'true';
  const view = typeof values.view === 'string' ? { view: values.view } : {};
  const key = typeof values.key === 'string' ? { key: values.key } : {};
  return {
    eventId,
    collectedAt,
    replayed,
    ...view,
    ...key,
    events: splunk ? inEnvelope(line, at) : beforeMember(line, at),
  };
}

/**
 * Marks a line as sent again: `"replayed":true` in `_relay`, `"replayed":"true"` in Splunk's `fields`. Time, id
 * and the event's bytes stay unchanged.
 *
 * @returns undefined for a line that the relay did not write
 */
export function markReplayed(line: Uint8Array): Uint8Array | undefined {
  const read = readRelayedLine(line);
  if (read === undefined) return undefined;
  if (read.replayed) return line;
  const mark = factsOf(line)!.splunk ? splunkMark : relayMark;
  return Buffer.concat([line.subarray(0, line.length - 2), mark]);
}

/** A line as it was before it was marked; the line itself where it has no mark. */
export function withoutReplayMark(line: Uint8Array): Uint8Array {
  const bytes = Buffer.from(line.buffer, line.byteOffset, line.length);
  for (const mark of [relayMark, splunkMark]) {
    const at = line.length - mark.length;
    if (at > 0 && bytes.subarray(at).equals(mark)) return Buffer.concat([bytes.subarray(0, at), lineEnd]);
  }
  return line;
}

const lineEnd = Buffer.from('}}');
const relayMark = Buffer.from(',"replayed":true}}');
const splunkMark = Buffer.from(',"replayed":"true"}}');

interface Facts {
  readonly splunk: boolean;
  /** The offset at which the member with the facts begins, its comma included. */
  readonly at: number;
  readonly values: Readonly<Record<string, unknown>>;
}

const members = [
  { splunk: false, text: Buffer.from('"_relay":{') },
  { splunk: true, text: Buffer.from(',"fields":{') },
] as const;

/**
 * Finds the member with the relay's facts. The member is the line's last, and no value in it holds a brace or the
 * member's name. Of two such members, for example where an event has a `_relay` of its own, the last is the
 * relay's.
 */
function factsOf(line: Uint8Array): Facts | undefined {
  const bytes = Buffer.from(line.buffer, line.byteOffset, line.length);
  if (!endsTwice(bytes)) return undefined;
  for (const { splunk, text } of members) {
    const at = bytes.lastIndexOf(text);
    if (at < 1) continue;
    const values = parse(bytes.subarray(at + text.length - 1, -1).toString());
    if (values !== undefined) return { splunk, at, values: values as Facts['values'] };
  }
  return undefined;
}

function endsTwice(bytes: Buffer): boolean {
  return bytes.at(-1) === 0x7d && bytes.at(-2) === 0x7d;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const wrapper = Buffer.from('{"event":');
const closing = Buffer.from('}');
const eventMember = Buffer.from('"event":');

function beforeMember(line: Uint8Array, at: number): Uint8Array[] {
  const bytes = Buffer.from(line.buffer, line.byteOffset, line.length);
  const hasComma = bytes[at - 1] === 0x2c;
  const before = bytes.subarray(0, hasComma ? at - 1 : at);
  const whole = Buffer.concat([before, closing]);
  const wrapped = hasComma && before.subarray(0, wrapper.length).equals(wrapper);
  if (!wrapped) return [whole];
  const inside = before.subarray(wrapper.length);
  const text = inside[0] === 0x22 ? parse(inside.toString()) : undefined;
  return typeof text === 'string' ? [whole, inside, Buffer.from(text)] : [whole, inside];
}

/** The envelope's members before `event` are short strings of the relay's own. */
function inEnvelope(line: Uint8Array, at: number): Uint8Array[] {
  const bytes = Buffer.from(line.buffer, line.byteOffset, line.length);
  const event = bytes.subarray(bytes.indexOf(eventMember) + eventMember.length, at);
  const wrapped = event.subarray(0, wrapper.length).equals(wrapper);
  return wrapped ? [event, event.subarray(wrapper.length, -1)] : [event];
}
