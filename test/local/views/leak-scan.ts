import { hash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';

/**
 * Makes a search for hidden values in bytes: as they are, escaped, in base64 and hex, and as digests that anybody can
 * compute. Gzip is opened, also within base64.
 *
 * @param hidden of 8 bytes or more each; of a long value its beginning, middle and end are looked for
 * @returns a function that names each form that the bytes hold
 */
export function createLeakScan(hidden: Iterable<string>): LeakScan {
  const byBeginning = new Map<string, Form[]>();
  const mayBegin = new Uint8Array(1 << filterBits);
  for (const value of new Set(hidden)) {
    const bytes = Buffer.from(value);
    if (bytes.length < beginningLength) throw new Error(`${bytes} is too short to be looked for`);
    for (const { name, text } of formsOf(bytes)) {
      const beginning = text.slice(0, beginningLength);
      const forms = byBeginning.get(beginning) ?? [];
      forms.push({ name: `${name} of ${bytes.subarray(0, 60)}`, text });
      byBeginning.set(beginning, forms);
      const word = Buffer.from(beginning, 'latin1');
      mayBegin[filterAt(word.readInt32LE(0), word.readInt32LE(4))] = 1;
    }
  }
  return (bytes) => {
    const found = new Set<string>();
    for (const layer of layersOf(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))) {
      if (layer.length < beginningLength) continue;
      const text = layer.toString('latin1');
      let low = layer.readInt32LE(0);
      let high = layer.readInt32LE(4);
      for (let at = 0; at + beginningLength <= layer.length; at++) {
        if (mayBegin[filterAt(low, high)] === 1)
          for (const form of byBeginning.get(text.slice(at, at + beginningLength)) ?? [])
            if (text.startsWith(form.text, at)) found.add(form.name);
        low = (low >>> 8) | (high << 24);
        high = (high >>> 8) | (layer[at + beginningLength]! << 24);
      }
    }
    return [...found];
  };
}

const beginningLength = 8;

/** A filter of the eight bytes that any form begins with: looking at each place of tens of megabytes has to be cheap. */
const filterBits = 24;
function filterAt(low: number, high: number): number {
  return (Math.imul(low, 0x9e3779b1) ^ Math.imul(high, 0x85ebca6b)) >>> (32 - filterBits);
}

export type LeakScan = (bytes: Uint8Array) => readonly string[];

interface Form {
  readonly name: string;
  /** One character a byte. */
  readonly text: string;
}

/** Every form of one value. */
function formsOf(value: Buffer): readonly Form[] {
  const forms = [...piecesOf(value).flatMap(writtenForms), ...digestsOf(value)];
  return forms.filter(({ text }) => text.length >= beginningLength);
}

function piecesOf(value: Buffer): readonly Buffer[] {
  if (value.length <= 2 * pieceBytes) return [value];
  const middle = Math.floor(value.length / 2);
  return [0, middle, value.length - pieceBytes].map((from) => value.subarray(from, from + pieceBytes));
}

const pieceBytes = 48;

function writtenForms(value: Buffer): readonly Form[] {
  const text = value.toString();
  const escaped = JSON.stringify(text).slice(1, -1);
  const units = Array.from(text, (_, at) => text.charCodeAt(at).toString(16).padStart(4, '0'));
  const unicode = (digits: readonly string[]) => digits.map((each) => `\\u${each}`).join('');
  const forms: Readonly<Record<string, string>> = {
    'the escaped text': escaped,
    'the twice escaped text': JSON.stringify(escaped).slice(1, -1),
    'the \\u escapes': unicode(units),
    'the \\U escapes': unicode(units.map((each) => each.toUpperCase())),
    'the escapes within a string': JSON.stringify(unicode(units)).slice(1, -1),
    'the percent escapes': encodeURIComponent(text.toWellFormed()),
    hex: value.toString('hex'),
    'upper-case hex': value.toString('hex').toUpperCase(),
  };
  return [
    { name: 'the text', text: value.toString('latin1') },
    ...Object.entries(forms).map(([name, form]) => ({ name, text: Buffer.from(form).toString('latin1') })),
    { name: 'UTF-16', text: Buffer.from(text, 'utf16le').toString('latin1') },
    ...[0, 1, 2].flatMap((before) => base64At(value, before)),
  ];
}

/** The characters that a value has in base64 wherever it begins so many bytes behind a group of three. */
function base64At(value: Buffer, before: number): readonly Form[] {
  const whole = Buffer.concat([Buffer.alloc(before), value]);
  const from = before === 0 ? 0 : before + 1;
  const to = Math.floor((whole.length * 8) / 6);
  return (['base64', 'base64url'] as const).map((name) => ({
    name: `${name} at ${before}`,
    text: whole.toString(name).slice(from, to),
  }));
}

/** Digests, of which the first bits are enough: an id is cut, too. */
function digestsOf(value: Buffer): readonly Form[] {
  const texts = { value, 'the JSON string': Buffer.from(JSON.stringify(value.toString())) };
  return ['md5', 'sha1', 'sha256', 'sha512'].flatMap((algorithm) =>
    Object.entries(texts).flatMap(([name, bytes]) => {
      const digest = hash(algorithm, bytes, 'buffer');
      const hex = digest.toString('hex').slice(0, 20);
      return [
        hex,
        hex.toUpperCase(),
        digest.toString('base64').slice(0, 14),
        digest.toString('base64url').slice(0, 14),
      ].map((text) => ({ name: `${algorithm} of ${name}`, text }));
    }),
  );
}

/** The bytes, and what they hold packed. */
function* layersOf(bytes: Buffer): Generator<Buffer> {
  yield bytes;
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) yield* unpacked(bytes);
  for (const [packed] of bytes.toString('latin1').matchAll(/H4sI[A-Za-z0-9+/]{16,}={0,2}/g))
    yield* unpacked(Buffer.from(packed, 'base64'));
}

function* unpacked(bytes: Buffer): Generator<Buffer> {
  let opened: Buffer;
  try {
    opened = gunzipSync(bytes);
  } catch {
    return;
  }
  yield* layersOf(opened);
}
