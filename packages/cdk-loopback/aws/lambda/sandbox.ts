import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import type { FunctionDefinition, LambdaError } from './function-definition.ts';
import { RecentLines, readLogLines } from './log-lines.ts';
import { type RuntimeResult, startRuntimeApi, type Work } from './runtime-api.ts';
import { endOf, type KillCause, type SandboxEnd } from './sandbox-end.ts';
import { type SandboxCredentials, sandboxEnvironment } from './sandbox-environment.ts';
import type { SandboxFiles } from './sandbox-files.ts';

/** One process of one function version, which works on one invocation at a time. */
export interface Sandbox {
  readonly id: string;
  readonly pid: number;
  readonly functionName: string;
  /** Its own, so that a call at the gateway tells which sandbox made it. */
  readonly accessKeyId: string;
  /** Settles when the runtime asks for work, or the process ended before. */
  readonly started: Promise<SandboxEnd | undefined>;
  /** The invocation in hand. */
  readonly requestId: string | undefined;
  /** False as soon as it has been killed. */
  readonly alive: boolean;
  /** Never rejects. Only when `started` and idle. */
  work(work: Work, rest: Rest): Promise<SandboxOutcome>;
  /** SIGKILL; what was in hand ends as `cause` says. */
  kill(cause: KillCause): void;
  /** Kills it and waits until it is gone. */
  discard(): Promise<void>;
}

/**
 * Told that the process only waits.
 * @param tell to be called with the new offset when the clock has been moved
 * @returns what to call when the process goes on by itself
 */
export type Rest = (waiting: Waiting, tell: (clockOffsetMs: number) => void) => () => void;

export interface Waiting {
  /** Until the first timer of its own. */
  readonly asleepMs: number;
  /** Of the servers from which it waits for an answer, once for each call. */
  readonly ports: readonly number[];
}

export interface SandboxOutcome {
  readonly status: 'ok' | 'error' | 'timeout' | 'crashed';
  readonly payload: unknown;
  readonly logs: readonly string[];
  readonly maxRssMb?: number;
}

export interface SandboxOptions {
  readonly definition: FunctionDefinition;
  readonly files: SandboxFiles;
  readonly logStream: string;
  readonly credentials: SandboxCredentials;
  readonly region: string;
  readonly gatewayUrl: string;
  readonly clockOffsetMs: number;
  /** Stops the process while it has nothing to do, as Lambda freezes it. */
  readonly freeze: boolean;
  readonly skipSleeps: boolean;
  readonly onLog: (line: string) => void;
}

export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { definition } = options;
  const id = randomUUID();
  const lines = new RecentLines();
  let ready = Promise.withResolvers<void>();
  const started = Promise.withResolvers<SandboxEnd | undefined>();
  const gone = Promise.withResolvers<SandboxEnd>();
  let result = Promise.withResolvers<RuntimeResult>();
  let initError: LambdaError | undefined;
  let cause: KillCause | undefined;
  let requestId: string | undefined;
  let alive = true;
  let rest = noRest;
  let endRest = (): void => undefined;
  let moved = 0;

  const api = await startRuntimeApi({
    onReady: () => {
      ready.resolve();
      started.resolve(undefined);
    },
    onInitError: (body) => {
      initError = JSON.parse(body) as LambdaError;
    },
    onResult: (answer) => result.resolve(answer),
  });
  const child = startProcess(options, api.address);
  const outputs = [child.stdout, child.stderr].map((stream) => {
    let ended = Promise.withResolvers<void>();
    const onLine = (line: string) => {
      lines.add(line);
      options.onLog(line);
    };
    readLogLines(stream!, onLine, () => ended.resolve());
    return async () => {
      await Promise.race([ended.promise, gone.promise]);
      ended = Promise.withResolvers<void>();
    };
  });
  // `close` comes after the last of its output, `exit` may come before.
  child.on('close', (code, signal) => {
    alive = false;
    api.close();
    const ended = endOf(definition, { cause, initError, code, signal, requestId });
    // What ends while nothing is in hand is no failure.
    if (requestId !== undefined) options.onLog(ended.error.errorMessage);
    const end = { ...ended, logs: lines.take() };
    gone.resolve(end);
    started.resolve(end);
  });
  child.on('message', (message) => {
    endRest();
    const { moves, waiting } = message as { readonly moves: number; readonly waiting: Waiting | null };
    // A message from before the last move of the clock no longer holds, and a process that is being killed rests no more.
    if (waiting === null || moves !== moved || requestId === undefined || cause !== undefined) return;
    endRest = rest(waiting, tellOffset);
  });
  child.on('error', (error) => {
    initError ??= { errorType: 'Runtime.InvalidEntrypoint', errorMessage: error.message };
  });

  const tellOffset = (clockOffsetMs: number): void => {
    moved += 1;
    // A process that has ended needs no time.
    if (child.connected) child.send({ clockOffsetMs }, () => undefined);
  };
  const work = async (task: Work, onRest: Rest): Promise<SandboxOutcome> => {
    requestId = task.requestId;
    rest = onRest;
    result = Promise.withResolvers();
    ready = Promise.withResolvers();
    api.deliver(task);
    if (options.freeze) child.kill('SIGCONT');
    const answer = await Promise.race([result.promise, gone.promise]);
    endRest();
    rest = noRest;
    if ('error' in answer) return { status: answer.status, payload: answer.error, logs: answer.logs };
    await Promise.all(outputs.map((outputEnded) => outputEnded()));
    requestId = undefined;
    // A process that reports an error may be about to end; one that asks for work again is not.
    await Promise.race([ready.promise, gone.promise]);
    if (options.freeze) child.kill('SIGSTOP');
    const { failed, body, maxRssMb } = answer;
    return {
      status: failed ? 'error' : 'ok',
      payload: JSON.parse(body) as unknown,
      logs: lines.take(),
      maxRssMb,
    };
  };
  const kill = (why: KillCause) => {
    cause ??= why;
    endRest();
    child.kill('SIGKILL');
  };

  return {
    id,
    pid: child.pid ?? 0,
    functionName: definition.name,
    accessKeyId: options.credentials.accessKeyId,
    started: started.promise,
    get requestId() {
      return requestId;
    },
    get alive() {
      return alive && cause === undefined;
    },
    work,
    kill,
    discard: async () => {
      kill('killed');
      await gone.promise;
    },
  };
}

const noRest: Rest = () => () => undefined;

function startProcess(options: SandboxOptions, runtimeApi: string): ChildProcess {
  const { definition, files } = options;
  // Lambda's machine has only this much memory; V8 would otherwise size its heap by this one's.
  const heapMb = Math.floor(definition.memoryMb * 0.9);
  return spawn(
    process.execPath,
    [
      `--max-old-space-size=${heapMb}`,
      '--import',
      files.preload,
      ...(options.skipSleeps ? ['--import', files.sleepPreload] : []),
      files.runtimeClient,
      `--clock-offset=${options.clockOffsetMs}`,
    ],
    {
      cwd: definition.codeDir,
      env: sandboxEnvironment(definition, {
        region: options.region,
        gatewayUrl: options.gatewayUrl,
        runtimeApi,
        logStream: options.logStream,
        credentials: options.credentials,
      }),
      stdio: ['ignore', 'pipe', 'pipe', ...(options.skipSleeps ? (['ipc'] as const) : [])],
    },
  );
}
