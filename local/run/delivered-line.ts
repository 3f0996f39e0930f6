/**
 * Reads a delivered line: the id that it carries, and the bytes of the event in it.
 *
 * `ndjson` is the event with `_relay` as its last member; `splunk` is the HEC envelope. An event may have come
 * wrapped as `{"event":…}`, which its own bytes cannot tell. So every reading is given, and the one whose digest
 * is the id holds.
 *
 * @returns undefined for a line of neither format
 */
export function readDeliveredLine(line: Buffer): DeliveredLine | undefined {
  return readRelayMember(line) ?? readSplunkEnvelope(line);
}

export interface DeliveredLine {
  /** 32 hexadecimal digits. */
  readonly id: string;
  /** One reading or two. */
  readonly events: readonly Buffer[];
  /** Mosaic's id of the stream. */
  readonly stream?: string;
  /** The view that the event went through. */
  readonly view?: string;
  /** The id of the key that its view's ids are made with. */
  readonly key?: string;
  /** ISO 8601. */
  readonly collectedAt?: string;
}

const relayMember = Buffer.from('"_relay":{');
const wrapper = Buffer.from('{"event":');
const closing = Buffer.from('}');

function readRelayMember(line: Buffer): DeliveredLine | undefined {
  const at = line.lastIndexOf(relayMember);
  if (at < 1 || line.at(-1) !== 0x7d) return undefined;
  const relay = parse(line.subarray(at + relayMember.length - 1, -1)) as
    | { id?: unknown; stream?: unknown; view?: unknown; key?: unknown; collected_at?: unknown }
    | undefined;
  if (typeof relay?.id !== 'string') return undefined;
  const hasComma = line[at - 1] === 0x2c;
  const before = line.subarray(0, hasComma ? at - 1 : at);
  const events: Buffer[] = [Buffer.concat([before, closing])];
  if (hasComma && before.subarray(0, wrapper.length).equals(wrapper)) {
    const inside = before.subarray(wrapper.length);
    events.push(inside);
    // A destination whose protocol cannot take every event as JSON gets some as a string.
    const text = inside[0] === 0x22 ? parse(inside) : undefined;
    if (typeof text === 'string') events.push(Buffer.from(text));
  }
  return {
    id: relay.id,
    events,
    ...(typeof relay.stream === 'string' && { stream: relay.stream }),
    ...(typeof relay.view === 'string' && { view: relay.view }),
    ...(typeof relay.key === 'string' && { key: relay.key }),
    ...(typeof relay.collected_at === 'string' && { collectedAt: relay.collected_at }),
  };
}

const eventMember = Buffer.from('"event":');
const fieldsMember = Buffer.from(',"fields":{');

/** The envelope's own members before `event` are short strings of ours, so the first `"event":` is the member. */
function readSplunkEnvelope(line: Buffer): DeliveredLine | undefined {
  const start = line.indexOf(eventMember);
  const end = line.lastIndexOf(fieldsMember);
  if (start === -1 || end < start || line.at(-1) !== 0x7d) return undefined;
  const fields = parse(line.subarray(end + fieldsMember.length - 1, -1)) as
    | { event_id?: unknown; stream?: unknown; view?: unknown; key?: unknown; collected_at?: unknown }
    | undefined;
  if (typeof fields?.event_id !== 'string') return undefined;
  return {
    id: fields.event_id,
    events: unwrapped(line.subarray(start + eventMember.length, end)),
    ...(typeof fields.stream === 'string' && { stream: fields.stream }),
    ...(typeof fields.view === 'string' && { view: fields.view }),
    ...(typeof fields.key === 'string' && { key: fields.key }),
    ...(typeof fields.collected_at === 'string' && { collectedAt: fields.collected_at }),
  };
}

/** Unwraps an event that HEC would have refused and that was wrapped for it. */
function unwrapped(event: Buffer): readonly Buffer[] {
  if (!event.subarray(0, wrapper.length).equals(wrapper)) return [event];
  return [event, event.subarray(wrapper.length, -1)];
}

function parse(text: Buffer): unknown {
  try {
    return JSON.parse(text.toString());
  } catch {
    return undefined;
  }
}
