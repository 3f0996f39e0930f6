/**
 * A stand-in for the pre-signed S3 URLs to which custom resources answer.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html
 */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ResponseEndpoint {
  /** A URL to which one answer may be PUT. The server listens from the first one on. */
  expect(onResponse: (body: string) => void): Promise<ExpectedResponse>;
  close(): Promise<void>;
}

export interface ExpectedResponse {
  readonly url: string;
  /** How many answers have been expected, this one included. */
  readonly number: number;
  /** Later answers are refused, as by a URL that has expired. */
  cancel(): void;
}

/** CloudFormation's limit of a response. */
const maxResponseBytes = 4096;

export function createResponseEndpoint(): ResponseEndpoint {
  const expected = new Map<string, (body: string) => void>();
  let listening: Promise<Server> | undefined;
  let count = 0;

  const answer = async (request: IncomingMessage): Promise<number> => {
    const path = request.url ?? '';
    const onResponse = expected.get(path);
    if (request.method !== 'PUT' || onResponse === undefined) return 403;
    // The URL was signed without a content type, so S3 refuses one.
    if ((request.headers['content-type'] ?? '') !== '') return 403;
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    if (body.length > maxResponseBytes) return 400;
    expected.delete(path);
    onResponse(body.toString('utf8'));
    return 200;
  };
  const listen = async () => {
    const server = createServer((request, response) => {
      answer(request).then(
        (status) => response.writeHead(status).end(),
        () => response.destroy(),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return server;
  };

  return {
    expect: async (onResponse) => {
      listening ??= listen();
      const { port } = (await listening).address() as AddressInfo;
      const path = `/${randomUUID()}?X-Amz-Signature=${randomUUID().replaceAll('-', '')}`;
      expected.set(path, onResponse);
      count += 1;
      return { number: count, url: `http://127.0.0.1:${port}${path}`, cancel: () => expected.delete(path) };
    },
    close: async () => {
      const server = await listening;
      if (server === undefined) return;
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
