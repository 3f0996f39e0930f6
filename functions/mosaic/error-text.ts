import { constants, gunzipSync } from 'node:zlib';
import type { Answered } from './exchange.ts';

/**
 * The first KiB of an error's body as one line of text, for a message. What decides is the status alone.
 *
 * @param secrets values that never appear, nor a beginning of them, should the server echo them
 */
function errorText(answer: Answered, secrets: readonly string[]): string {
  const text = Buffer.from(readable(answer)).toString('utf8');
  const line = text.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim();
  return cut(redact(line, secrets));
}

/** `POST answered 406: stream_id parameter is required…`, or without the colon where there was no text. */
export function describeAnswer(what: string, answer: Answered, secrets: readonly string[]): string {
  const text = errorText(answer, secrets);
  return text === '' ? `${what} answered ${answer.status}` : `${what} answered ${answer.status}: ${text}`;
}

function readable(answer: Answered): Uint8Array {
  const encoding = answer.headers['content-encoding'];
  if (encoding === undefined || encoding === 'identity') return answer.body;
  try {
    // A sync flush reads the beginning of a member that was cut at our own limit.
    return gunzipSync(answer.body, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: 64 * 1024 });
  } catch {
    return Buffer.from(`(a body with content-encoding ${encoding})`);
  }
}

function redact(text: string, secrets: readonly string[]): string {
  let clean = text;
  for (const form of secrets.flatMap(writtenForms)) {
    clean = clean.replaceAll(form, '[redacted]');
    // And by its beginning, since the body may have been cut inside it.
    const beginning = form.slice(0, 16).replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    clean = clean.replace(new RegExp(`${beginning}[^\\s"'<>&]*`, 'g'), '[redacted]');
  }
  return clean.replace(/\b(bearer\s+|eyJ)[A-Za-z0-9._~+/=-]{8,}/gi, '[redacted]');
}

/** As it is, in a URL, in a form, and in JSON. */
function writtenForms(secret: string): readonly string[] {
  const inForm = new URLSearchParams({ v: secret }).toString().slice('v='.length);
  const forms = new Set([secret, encodeURIComponent(secret), inForm, JSON.stringify(secret).slice(1, -1)]);
  return [...forms].filter((form) => form !== '');
}

function cut(text: string): string {
  return text.length <= 1024 ? text : `${text.slice(0, 1024)}…`;
}
