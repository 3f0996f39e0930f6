import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';

export interface ServerOptions {
  /** 0 for a free one. */
  readonly port: number;
  readonly tls?: { readonly key: string; readonly cert: string };
  /** Answers one request; `body` is whole. */
  readonly handle: (request: IncomingMessage, response: ServerResponse, body: Buffer) => Promise<void>;
  /** A fault of the simulator itself: its caller sees a closed connection. */
  readonly onFault: (error: unknown) => void;
}

export interface RunningServer {
  readonly url: string;
  /** Ends idle and active connections. */
  close(): Promise<void>;
}

/** A keep-alive server on 127.0.0.1. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const listener = (request: IncomingMessage, response: ServerResponse) => {
    response.on('error', () => {});
    readBody(request)
      .then((body) => {
        if (body !== undefined) return options.handle(request, response, body);
        response.writeHead(413, { connection: 'close' }).end('Payload Too Large');
      })
      .catch((error: unknown) => {
        options.onFault(error);
        response.destroy();
      });
  };
  const server = options.tls ? createHttpsServer(options.tls, listener) : createHttpServer(listener);
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `${options.tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

/** Undefined when it is above 64 KB, which no call of the contract is. Never ends for a caller that breaks off. */
function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  return new Promise((resolve) => {
    request.on('error', () => {});
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > 65_536) resolve(undefined);
      else chunks.push(chunk);
    });
    request.on('end', () => resolve(Buffer.concat(chunks)));
  });
}
