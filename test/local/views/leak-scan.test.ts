import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { createLeakScan } from './leak-scan.ts';

const hidden = 'Wilhelmina "Oyelaran" ÄÖ😀/7';
const scan = createLeakScan([hidden]);
const bytes = Buffer.from(hidden);
const digest = (algorithm: string) => createHash(algorithm).update(hidden);

test.each<[string, string | Buffer]>([
  ['as it is', `x ${hidden} y`],
  ['as a JSON string', JSON.stringify({ a: hidden })],
  ['within JSON in JSON', JSON.stringify({ message: JSON.stringify({ a: hidden }) })],
  ['as escapes', escapes(hidden)],
  ['in a URL', `https://example.com/?q=${encodeURIComponent(hidden)}`],
  ['in hex', `id ${bytes.toString('hex')}`],
  ['in upper-case hex', bytes.toString('hex').toUpperCase()],
  ['in base64', Buffer.concat([bytes, Buffer.from('x')]).toString('base64')],
  ['in base64, behind one byte', Buffer.from(`x${hidden}`).toString('base64')],
  ['in base64, behind two bytes', Buffer.from(`xy${hidden} and more`).toString('base64')],
  ['in base64url', Buffer.from(`xy${hidden}`).toString('base64url')],
  ['as SHA-256', digest('sha256').digest('hex')],
  ['as the first half of SHA-256', digest('sha256').digest('hex').slice(0, 32)],
  ['as SHA-1 in base64', digest('sha1').digest('base64')],
  ['as MD5 in base64url', digest('md5').digest('base64url')],
  ['as UTF-16', Buffer.from(hidden, 'utf16le')],
  ['in gzip', gzipSync(`x${hidden}`)],
  ['in gzip in base64', `{"Data":"${gzipSync(`x${hidden}`).toString('base64')}"}`],
])('a hidden value is found %s', (_, text) => {
  expect(scan(Buffer.from(text as string))).not.toEqual([]);
});

test.each([0, 5_000, 9_900])('a part of a long value is found, from byte %i', (from) => {
  const long = Array.from({ length: 1_000 }, (_, n) => `n${n}-long..`)
    .join('')
    .slice(0, 10_000);
  expect(createLeakScan([long])(Buffer.from(`x${long.slice(from, from + 100)}`))).not.toEqual([]);
});

test('a value that is not there is not found', () => {
  const others = [
    'Wilhelmin',
    'Oyelaran',
    escapes('Wilhelmin'),
    createHash('sha256').update('x').digest('hex'),
  ];
  expect(scan(Buffer.from(others.join(' ')))).toEqual([]);
});

function escapes(text: string): string {
  return Array.from(
    { length: text.length },
    (_, at) => `\\u${text.charCodeAt(at).toString(16).padStart(4, '0')}`,
  ).join('');
}
