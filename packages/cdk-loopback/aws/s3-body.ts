import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { AwsCall } from './aws-call.ts';
import type { AwsError } from './aws-error.ts';

/**
 * Compares a body with the checksums and the length that came with it, in headers or in the trailer of a body in
 * chunks.
 *
 * @returns what S3 answers to a body that is not what was announced
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
 */
export function bodyProblem({ headers, body }: Pick<AwsCall, 'headers' | 'body'>): AwsError | undefined {
  if (!headers['content-encoding']?.includes('aws-chunked')) return checksumProblem(headers, body);
  const read = readChunks(body);
  const announced = Number(headers['x-amz-decoded-content-length']);
  if (read === undefined || read.content.byteLength !== announced) {
    const message = 'You did not provide the number of bytes specified by the Content-Length HTTP header.';
    return { status: 400, code: 'IncompleteBody', message };
  }
  const trailer = headers['x-amz-trailer'];
  if (typeof trailer === 'string' && read.trailers[trailer] === undefined) {
    const message = `The trailer ${trailer} that was announced is missing.`;
    return { status: 400, code: 'MalformedTrailerError', message };
  }
  return checksumProblem(read.trailers, read.content);
}

function checksumProblem(
  sums: Readonly<Record<string, string | readonly string[] | undefined>>,
  content: Uint8Array,
): AwsError | undefined {
  for (const [header, digest] of checksums) {
    const sent = sums[header];
    if (sent === undefined || sent === digest(content)) continue;
    return { status: 400, code: 'BadDigest', message: `The ${header} you specified did not match the body.` };
  }
  return undefined;
}

const checksums: readonly (readonly [header: string, digest: (content: Uint8Array) => string])[] = [
  ['content-md5', (content) => createHash('md5').update(content).digest('base64')],
  ['x-amz-checksum-sha256', (content) => createHash('sha256').update(content).digest('base64')],
  ['x-amz-checksum-crc32', crc32Base64],
];

function crc32Base64(content: Uint8Array): string {
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(content));
  return sum.toString('base64');
}

interface ReadChunks {
  readonly content: Uint8Array;
  readonly trailers: Readonly<Record<string, string>>;
}

/** @returns undefined where the framing is broken */
function readChunks(body: Uint8Array): ReadChunks | undefined {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const chunks: Buffer[] = [];
  for (let at = 0; ; ) {
    const end = bytes.indexOf('\r\n', at);
    const size = bytes.toString('latin1', at, end);
    if (end < 0 || !/^[0-9a-f]+$/i.test(size)) return undefined;
    const start = end + 2;
    const next = start + Number.parseInt(size, 16);
    if (next === start) return { content: Buffer.concat(chunks), trailers: readTrailers(bytes, start) };
    if (bytes.toString('latin1', next, next + 2) !== '\r\n') return undefined;
    chunks.push(bytes.subarray(start, next));
    at = next + 2;
  }
}

function readTrailers(bytes: Buffer, start: number): Record<string, string> {
  const lines = bytes.toString('latin1', start).split('\r\n');
  return Object.fromEntries(
    lines.flatMap((line) => {
      const colon = line.indexOf(':');
      return colon < 0 ? [] : [[line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()]];
    }),
  );
}
