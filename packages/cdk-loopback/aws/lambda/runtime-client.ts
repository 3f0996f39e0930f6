/**
 * A stand-in for AWS's runtime interface client of Node 24 (aws-lambda-ric): asks the Runtime API for work and
 * calls the handler. Runs alone in a sandbox's process, so it imports nothing of the project.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 * @see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html
 */
import { existsSync, readFileSync } from 'node:fs';
import { Agent, request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { types } from 'node:util';

type Handler = (event: unknown, context: object) => unknown;

const [host, port] = (process.env.AWS_LAMBDA_RUNTIME_API ?? '').split(':');
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
const prefix = '/2018-06-01/runtime';
const setClockOffset = (globalThis as Record<symbol, ((ms: number) => void) | undefined>)[
  Symbol.for('cdk-loopback.set-clock-offset')
];
let current: string | undefined;

// A terminal sends Ctrl-C to every process of the run: what becomes of this one, the runner decides.
process.on('SIGINT', () => undefined);

for (const [event, errorType, exitCode] of [
  ['unhandledRejection', 'Runtime.UnhandledPromiseRejection', 128],
  ['uncaughtException', 'Runtime.UnhandledException', 129],
] as const) {
  process.on(event, async (reason: unknown) => {
    const error = { ...describe(reason), errorType };
    console.error(JSON.stringify(error));
    await report(error).catch(() => undefined);
    process.exit(exitCode);
  });
}

const handler = await loadHandler().catch(async (error: unknown) => {
  console.error(JSON.stringify(describe(error)));
  await report(describe(error));
  process.exit(1);
});
for (;;) await serveOne(handler);

async function serveOne(handle: Handler): Promise<void> {
  const { headers, body } = await call('GET', `${prefix}/invocation/next`);
  const requestId = String(headers['lambda-runtime-aws-request-id']);
  setClockOffset?.(Number(headers['local-clock-offset-ms'] ?? 0));
  process.env._X_AMZN_TRACE_ID = String(headers['lambda-runtime-trace-id']);
  current = requestId;
  let kind: 'response' | 'error' = 'response';
  let answer: string;
  try {
    answer = JSON.stringify((await handle(JSON.parse(body), contextOf(headers))) ?? null) ?? 'null';
  } catch (error) {
    kind = 'error';
    answer = JSON.stringify(describe(error));
    console.error(`Invoke Error ${answer}`);
  }
  await endLogs();
  current = undefined;
  await call('POST', `${prefix}/invocation/${requestId}/${kind}`, answer);
}

function contextOf(headers: IncomingHttpHeaders): object {
  const deadline = Number(headers['lambda-runtime-deadline-ms']);
  const environment = process.env;
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: environment.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: environment.AWS_LAMBDA_FUNCTION_VERSION,
    invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
    memoryLimitInMB: environment.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    awsRequestId: headers['lambda-runtime-aws-request-id'],
    logGroupName: environment.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: environment.AWS_LAMBDA_LOG_STREAM_NAME,
    getRemainingTimeInMillis: () => deadline - Date.now(),
  };
}

/** Finds `dir/file.name.of.export` below the task root, in the order that Lambda tries file names. */
async function loadHandler(): Promise<Handler> {
  const root = process.env.LAMBDA_TASK_ROOT ?? '';
  const text = process.env._HANDLER ?? '';
  const match = text.match(/^((?:.*\/)?[^./]+)\.(.+)$/);
  if (match === null) throw named('Runtime.MalformedHandlerName', `Bad handler ${text}`);
  const stem = resolve(root, match[1] ?? '');
  const file = ['.js', '.mjs', '.cjs'].map((extension) => stem + extension).find((path) => existsSync(path));
  if (file === undefined)
    throw named('Runtime.ImportModuleError', `Error: Cannot find module '${match[1]}' in ${root}`);
  let found: unknown = isModule(file, root)
    ? await import(pathToFileURL(file).href)
    : createRequire(file)(file);
  for (const key of (match[2] ?? '').split('.'))
    found = (found as Record<string, unknown> | undefined)?.[key];
  if (typeof found !== 'function')
    throw named('Runtime.HandlerNotFound', `${text} is undefined or not exported`);
  // The Node 24 runtime no longer takes handlers that answer through a callback.
  if (found.length > 2)
    throw named('Runtime.CallbackHandlerDeprecated', `${text} has a callback: return a promise`);
  return found as Handler;
}

function isModule(file: string, root: string): boolean {
  if (!file.endsWith('.js')) return file.endsWith('.mjs');
  const manifest = resolve(root, 'package.json');
  return existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).type === 'module';
}

function named(name: string, message: string): Error {
  return Object.assign(new Error(message), { name });
}

function describe(error: unknown): { errorType: string; errorMessage: string; trace: string[] } {
  if (types.isNativeError(error))
    return { errorType: error.name, errorMessage: error.message, trace: (error.stack ?? '').split('\n') };
  return { errorType: typeof error, errorMessage: String(error), trace: [] };
}

/** Tells of a failure outside the handler: of the invocation in hand, or else of the start. */
async function report(error: { errorType: string }): Promise<void> {
  const path = current === undefined ? 'init/error' : `invocation/${current}/error`;
  await endLogs();
  await call('POST', `${prefix}/${path}`, JSON.stringify(error), {
    'Lambda-Runtime-Function-Error-Type': error.errorType,
  });
}

/** Marks the end of the invocation's lines, so that none is taken for the next one's. */
async function endLogs(): Promise<void> {
  await Promise.all(
    [process.stdout, process.stderr].map((stream) => new Promise((done) => stream.write('\u001e', done))),
  );
}

/**
 * The process's own peak in KiB. Not `resourceUsage`: where Linux starts a process by fork, that begins at the
 * parent's peak (setmax_mm_hiwater_rss in fs/exec.c).
 */
function maxRssKb(): number {
  try {
    const status = readFileSync('/proc/self/status', 'utf8');
    return Number(status.match(/^VmHWM:\s+(\d+) kB$/m)?.[1]);
  } catch {
    return process.resourceUsage().maxRSS;
  }
}

function call(
  method: string,
  path: string,
  body?: string,
  extraHeaders: Record<string, string> = {},
): Promise<{ headers: IncomingHttpHeaders; body: string }> {
  const headers: Record<string, string | number> = { ...extraHeaders };
  if (body !== undefined) {
    headers['Content-Length'] = Buffer.byteLength(body);
    headers['Local-Max-Rss-Kb'] = maxRssKb();
  }
  return new Promise((done, fail) => {
    const request = httpRequest({ host, port, method, path, headers, agent }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => done({ headers: response.headers, body: text }));
      response.on('error', fail);
    });
    // The host is gone: there is nobody to work for.
    request.on('error', () => process.exit(1));
    request.end(body);
  });
}
