import { isUtf8 } from 'node:buffer';
import type { HecCode } from './hec-answers.ts';
import { concatenatedValues, JsonFault, type MemberSpan, membersOf, type Span } from './json-spans.ts';

/** One event, as Splunk would index it. The buffers are the request's own. */
export interface HecEvent {
  /** The whole envelope. */
  readonly line: Buffer;
  /** The bytes of `event`. */
  readonly event: Buffer;
  /** Seconds; absent when Splunk would take the time of receipt. */
  readonly time?: number;
  readonly index?: string;
  readonly host?: string;
  readonly source?: string;
  readonly sourcetype?: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

export interface EnvelopeRefusal {
  readonly code: HecCode;
  /** 0.., which of the envelopes. */
  readonly number: number;
  readonly why: string;
}

export interface EnvelopeRules {
  readonly allowedIndexes: readonly string[];
}

const texts = ['host', 'source', 'sourcetype', 'index'] as const;
const known = new Set(['time', 'event', 'fields', ...texts]);

/** The end of the year 9999: what is later was meant as milliseconds. */
const latestSeconds = 253_402_300_800;

export interface ReadEnvelopes {
  /** The envelopes before the faulty one. Splunk indexes them, so a client that repeats the request duplicates them. */
  readonly events: readonly HecEvent[];
  readonly refusal?: EnvelopeRefusal;
}

/**
 * Reads envelopes as the `event` endpoint does: objects back to back, no commas, no array. Stricter than Splunk in
 * what would only lose meaning there: a time in milliseconds, an unknown or repeated member.
 * @see https://docs.splunk.com/Documentation/Splunk/latest/Data/FormateventsforHTTPEventCollector
 */
export function readEnvelopes(body: Buffer, rules: EnvelopeRules): ReadEnvelopes {
  const events: HecEvent[] = [];
  const refuse = (refusal: Omit<EnvelopeRefusal, 'number'>) => ({
    events,
    refusal: { ...refusal, number: events.length },
  });
  if (!isUtf8(body)) return refuse(wrong('not UTF-8'));
  try {
    for (const span of concatenatedValues(body)) {
      const read = readEnvelope(body, span, rules);
      if ('code' in read) return refuse(read);
      events.push(read);
    }
  } catch (error) {
    if (error instanceof JsonFault) return refuse(wrong(error.message));
    throw error;
  }
  return { events };
}

function readEnvelope(
  body: Buffer,
  span: Span,
  rules: EnvelopeRules,
): HecEvent | Omit<EnvelopeRefusal, 'number'> {
  const members = new Map<string, MemberSpan>();
  for (const member of membersOf(body, span.start)) {
    if (members.has(member.name)) return wrong(`"${member.name}" twice`);
    if (!known.has(member.name)) return wrong(`unknown member "${member.name}"`);
    members.set(member.name, member);
  }
  const raw = (name: string) => {
    const member = members.get(name);
    return member && body.subarray(member.start, member.end);
  };
  const event = raw('event');
  if (event === undefined) return { code: 'eventRequired', why: 'no event' };
  if (event.equals(Buffer.from('null')) || event.equals(Buffer.from('false')))
    return wrong(`event is ${event}`);
  if (isBlank(event)) return { code: 'eventBlank', why: 'blank event' };

  const time = unquoted(raw('time')?.toString());
  if (time !== undefined && !isTime(time)) return wrong(`time ${time} is not epoch seconds`);
  const named: Partial<Record<(typeof texts)[number], string>> = {};
  for (const name of texts) {
    const value = raw(name);
    if (value === undefined) continue;
    if (value[0] !== 0x22) return wrong(`${name} is no text`);
    named[name] = JSON.parse(value.toString()) as string;
  }
  if (named.index !== undefined && !rules.allowedIndexes.includes(named.index)) {
    return { code: 'incorrectIndex', why: `index ${named.index} is not among those of the token` };
  }
  const fields = readFields(raw('fields'));
  if (fields === undefined)
    return { code: 'indexedFields', why: 'fields are not flat texts, numbers or lists of texts' };
  return {
    line: body.subarray(span.start, span.end),
    event,
    ...(time !== undefined && { time: Number(time) }),
    ...named,
    fields,
  };
}

function isBlank(event: Buffer): boolean {
  return event.length < 64 && /^"\s*"$/.test(event.toString());
}

/** Splunk takes the number as text too, as its own client for Node writes it. */
function unquoted(text: string | undefined): string | undefined {
  return text === undefined ? undefined : (/^"([0-9]+(?:\.[0-9]+)?)"$/.exec(text)?.[1] ?? text);
}

function isTime(text: string): boolean {
  const seconds = Number(text);
  return seconds >= 0 && seconds < latestSeconds;
}

function readFields(raw: Buffer | undefined): Record<string, unknown> | undefined {
  if (raw === undefined) return {};
  if (raw[0] !== 0x7b) return undefined;
  const fields = JSON.parse(raw.toString()) as Record<string, unknown>;
  const flat = Object.values(fields).every(
    (value) =>
      typeof value === 'string' ||
      typeof value === 'number' ||
      (Array.isArray(value) && value.every((one) => typeof one === 'string')),
  );
  return flat ? fields : undefined;
}

function wrong(why: string): Omit<EnvelopeRefusal, 'number'> {
  return { code: 'invalidDataFormat', why };
}
