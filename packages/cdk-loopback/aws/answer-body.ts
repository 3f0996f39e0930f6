import { buffer } from 'node:stream/consumers';
import type { AwsResponse } from './aws-answer.ts';

/** Reads an answer's body whole. */
export async function bodyOf(answer: AwsResponse): Promise<Buffer> {
  const { body } = answer;
  if (typeof body === 'string') return Buffer.from(body);
  return body instanceof Uint8Array ? Buffer.from(body) : buffer(body);
}

/** The same answer with another body, and without what described the old one. */
export function withBody(answer: AwsResponse, body: string | Uint8Array): AwsResponse {
  const { 'content-length': _length, 'x-amz-crc32': _checksum, ...headers } = answer.headers;
  return { status: answer.status, headers, body };
}
