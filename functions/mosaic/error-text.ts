import { constants, gunzipSync } from 'node:zlib';
import { shownCode, shownText } from '../shown-words.ts';
import type { Answered } from './exchange.ts';

/**
 * An answer that is no success, for an operator: `collect answered 404: Stream not found`. What decides is the status
 * alone.
 *
 * Of the body appear only a `message` that Mosaic documents or that is made of listed words, and codes of known shape;
 * of everything else the length. No header appears.
 */
export function describeAnswer(what: string, answer: Answered): string {
  const { said, codes } = shownOf(answer);
  const whole = codes.length === 0 ? said : `${said} (${codes.join(', ')})`;
  return `${what} answered ${answer.status}${whole.length <= longestShown ? whole : said}`;
}

/** In characters, of everything that a body brings into a message. */
const longestShown = 200;

interface Shown {
  /** `: Stream not found` or ` with …`; empty where there is no body. */
  readonly said: string;
  /** As `error_code 400`. */
  readonly codes: readonly string[];
}

function shownOf(answer: Answered): Shown {
  const body = decompressed(answer);
  if (body === undefined)
    return { said: ` with ${answer.body.length} bytes that do not decompress`, codes: [] };
  const text = body
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .trim();
  if (text === '') return { said: '', codes: [] };
  const known = documentedText(text);
  if (known !== undefined) return { said: `: ${known}`, codes: [] };
  const size = `${answer.end === 'whole' ? '' : 'at least '}${body.length} bytes`;
  const members = parseObject(text);
  if (members === undefined)
    return { said: ` with ${text.startsWith('<') ? 'a page' : 'a text'} of ${size}`, codes: [] };
  return { said: saidIn(members) ?? ` with JSON of ${size} and no message`, codes: codesIn(members) };
}

/** `message` is a text, or as in a sibling of the token endpoint an array of texts. */
function saidIn({ message }: Members): string | undefined {
  const texts: readonly unknown[] = Array.isArray(message) ? message : [message];
  if (texts.length === 0 || !texts.every((text) => typeof text === 'string')) return undefined;
  const shown = texts.map((text) => documentedText(text) ?? shownText(text)?.replace(/\.$/, ''));
  const line = shown.join('; ');
  if (shown.every((text) => text !== undefined) && line.length <= longestShown) return `: ${line}`;
  return ` with a message of ${texts.reduce((sum, { length }) => sum + length, 0)} characters`;
}

function codesIn(members: Members): readonly string[] {
  return codeMembers.flatMap((name) => {
    const code =
      typeof members[name] === 'number' ? knownNumber(name, members[name]) : knownCode(members[name]);
    return code === undefined ? [] : [`${name} ${code}`];
  });
}

const codeMembers = ['error_code', 'errorCode', 'statusCode', 'code', 'error'] as const;

/** An HTTP status of an error, where Mosaic documents one. Another number may be a part of an event. */
function knownNumber(member: string, code: number): string | undefined {
  const isStatus = member === 'statusCode' || member === 'error_code';
  return isStatus && Number.isInteger(code) && code >= 400 && code <= 599 ? `${code}` : undefined;
}

function knownCode(code: unknown): string | undefined {
  return typeof code === 'string' ? (shownCode(code) ?? shownText(code)) : undefined;
}

/** Our own spelling of a text that the API reference gives for an error; compared without case, spaces and last dot. */
function documentedText(text: string): string | undefined {
  return documented.get(plain(text));
}

function plain(text: string): string {
  return text.trim().replace(/\s+/g, ' ').replace(/\.$/, '').toLowerCase();
}

/** @see the vendor's Event Streaming API and its token reference */
const documented: ReadonlyMap<string, string> = new Map(
  [
    'Bad request',
    'Unauthorized',
    'Cannot handle request without performing start collect action first',
    'Stream not found',
    'stream_id parameter is required and must be a continuous non-empty string',
    'Resource already exists in the project',
    'Already exists',
    'This endpoint has been removed. Please update your integration',
    'Tenant has reached the maximum number of event streams',
    'Internal server error',
    'Something went wrong - Internal server error',
  ].map((text) => [plain(text), text]),
);

function decompressed({ body, headers }: Answered): Buffer | undefined {
  const encoding = headers['content-encoding'];
  if (encoding === undefined || encoding === 'identity') return Buffer.from(body);
  try {
    // A sync flush reads the beginning of a member that was cut at our own limit.
    return gunzipSync(body, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: 64 * 1024 });
  } catch {
    return undefined;
  }
}

type Members = Readonly<Record<string, unknown>>;

function parseObject(text: string): Members | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Members) : undefined;
  } catch {
    // The parser's message quotes the text.
    return undefined;
  }
}
