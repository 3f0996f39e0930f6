/**
 * A stand-in for Lambda's Runtime API, of one sandbox.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface RuntimeApi {
  /** `host:port`, as in AWS_LAMBDA_RUNTIME_API. */
  readonly address: string;
  /** Answers the runtime's question for work, now or when it comes. */
  deliver(work: Work): void;
  close(): void;
}

export interface Work {
  readonly requestId: string;
  /** JSON. */
  readonly body: string;
  /** Milliseconds since the epoch, on the sandbox's clock. */
  readonly deadline: number;
  readonly invokedArn: string;
  readonly traceId: string;
  /** Not Lambda's: what the sandbox's clock adds to the machine's. */
  readonly clockOffsetMs: number;
}

export interface RuntimeEvents {
  /** The runtime asks for work: it is initialised, and has done what it got before. */
  readonly onReady: () => void;
  readonly onInitError: (body: string) => void;
  readonly onResult: (result: RuntimeResult) => void;
}

export interface RuntimeResult {
  readonly failed: boolean;
  /** JSON. */
  readonly body: string;
  readonly maxRssMb?: number;
}

/** Lambda's limit of a synchronous answer. */
const maxResponseBytes = 6 * 1024 * 1024;
const prefix = '/2018-06-01/runtime';

/** Listens on a free port of the loopback interface. */
export async function startRuntimeApi(events: RuntimeEvents): Promise<RuntimeApi> {
  let waiting: ServerResponse | undefined;
  let queued: Work | undefined;
  let current: string | undefined;

  const send = (work: Work, response: ServerResponse) => {
    current = work.requestId;
    response.writeHead(200, {
      'Content-Type': 'application/json',
      'Lambda-Runtime-Aws-Request-Id': work.requestId,
      'Lambda-Runtime-Deadline-Ms': String(work.deadline),
      'Lambda-Runtime-Invoked-Function-Arn': work.invokedArn,
      'Lambda-Runtime-Trace-Id': work.traceId,
      'Local-Clock-Offset-Ms': String(work.clockOffsetMs),
    });
    response.end(work.body);
  };
  const next = (response: ServerResponse) => {
    if (waiting !== undefined) return refuse(response, 403, 'InvalidStateTransition', 'next was asked twice');
    if (queued === undefined) {
      waiting = response;
    } else {
      send(queued, response);
      queued = undefined;
    }
    events.onReady();
  };
  const finish = async (request: IncomingMessage, response: ServerResponse, failed: boolean) => {
    const body = await readBody(request);
    const rss = Number(request.headers['local-max-rss-kb'] ?? Number.NaN);
    const maxRssMb = Number.isFinite(rss) ? rss / 1024 : undefined;
    current = undefined;
    if (body === undefined) {
      refuse(response, 413, 'RequestEntityTooLarge', 'the response is above 6 MB');
      const error = {
        errorType: 'Function.ResponseSizeTooLarge',
        errorMessage: `Response payload size exceeded maximum allowed payload size (${maxResponseBytes} bytes).`,
      };
      events.onResult({ failed: true, body: JSON.stringify(error), maxRssMb });
      return;
    }
    accept(response);
    events.onResult({ failed, body, maxRssMb });
  };

  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const path = request.url ?? '';
    if (request.method === 'GET' && path === `${prefix}/invocation/next`) return next(response);
    if (request.method === 'POST' && path === `${prefix}/init/error`) {
      const body = await readBody(request);
      accept(response);
      return events.onInitError(body ?? '{}');
    }
    const match = path.match(/^\/2018-06-01\/runtime\/invocation\/([^/]+)\/(response|error)$/);
    if (request.method !== 'POST' || match === null)
      return refuse(response, 404, 'UnknownOperation', `the Runtime API has no ${request.method} ${path}`);
    if (match[1] !== current)
      return refuse(response, 400, 'InvalidRequestID', `${match[1]} is not the invocation in hand`);
    return finish(request, response, match[2] === 'error');
  };

  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });
  // A sandbox may wait for its next invocation for as long as it lives.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    deliver: (work) => {
      if (waiting === undefined) {
        queued = work;
        return;
      }
      const response = waiting;
      waiting = undefined;
      send(work, response);
    },
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** Undefined when it is above the limit; read to its end all the same, as the runtime waits for the answer. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= maxResponseBytes) chunks.push(chunk);
  }
  return bytes > maxResponseBytes ? undefined : Buffer.concat(chunks).toString('utf8');
}

function accept(response: ServerResponse): void {
  response.writeHead(202, { 'Content-Type': 'application/json' });
  response.end('{"status":"OK"}');
}

function refuse(response: ServerResponse, status: number, errorType: string, errorMessage: string): void {
  response.writeHead(status, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify({ errorType, errorMessage }));
}
