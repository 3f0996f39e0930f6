import { beforeAll, describe, expect, test } from 'vitest';
import { createIdentities } from '../../aws/identities.ts';
import { bodyProblem } from '../../aws/s3-body.ts';
import { sentRequests } from './sent-requests.ts';

/** What the SDK sends of a stream of 7 bytes. */
let headers: NonNullable<Parameters<typeof bodyProblem>[0]>['headers'];
let text: string;

beforeAll(async () => {
  const sent = await sentRequests(createIdentities().issueTo({ kind: 'operator' }));
  const request = sent.get('S3 PutObject of a stream')!;
  headers = request.headers;
  text = Buffer.from(request.body).toString('latin1');
});

const codeOf = (body: string, changes = {}) =>
  bodyProblem({ headers: { ...headers, ...changes }, body: Buffer.from(body, 'latin1') })?.code;

describe('an upload in chunks', () => {
  test('is taken as the SDK sends it', () => {
    expect(text).toMatch(/^4\r\none \r\n3\r\ntwo\r\n0\r\nx-amz-checksum-crc32:[A-Za-z0-9+/=]{8}\r\n\r\n$/);
    expect(codeOf(text)).toBeUndefined();
  });

  test('is refused where any byte of its content is another', () => {
    for (const at of [3, 4, 5, 6, 12, 13, 14]) {
      expect(codeOf(`${text.slice(0, at)}#${text.slice(at + 1)}`)).toBe('BadDigest');
    }
  });

  test('is refused where its checksum is another', () => {
    expect(codeOf(text.replace(/crc32:..../, 'crc32:AAAA'))).toBe('BadDigest');
  });

  test('is refused without the trailer that was announced', () => {
    expect(codeOf(text.replace(/x-amz-checksum.*\r\n/, ''))).toBe('MalformedTrailerError');
  });

  test.each([
    ['cut off', (body: string) => body.slice(0, 9)],
    ['with a chunk that is shorter than it says', (body: string) => body.replace('two', 'tw')],
    ['without a chunk', (body: string) => body.replace('3\r\ntwo\r\n', '')],
  ])('is refused %s', (_, change) => {
    expect(codeOf(change(text))).toBe('IncompleteBody');
  });

  test('is refused where it is longer than was announced', () => {
    expect(codeOf(text, { 'x-amz-decoded-content-length': '6' })).toBe('IncompleteBody');
  });
});
