/**
 * A stand-in for Lambda: runs functions in processes of their own, warm between invocations, killed at their
 * timeout.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
 */
import { randomBytes, randomUUID } from 'node:crypto';
import type { VirtualClock } from '../../clock/virtual-clock.ts';
import { acceptAsync } from './async-events.ts';
import type { FunctionDefinition, Invocation, InvocationKind } from './function-definition.ts';
import { type FoundFunction, FunctionRegistry } from './function-registry.ts';
import { type KillCause, type Sandbox, type SandboxOutcome, startSandbox } from './sandbox.ts';
import type { SandboxCredentials } from './sandbox-environment.ts';
import { type SandboxFiles, writeSandboxFiles } from './sandbox-files.ts';

export interface LambdaHost {
  readonly functions: FunctionRegistry;
  /**
   * Invokes a function, found by logical id, name or ARN. A synchronous call answers what became of it; an
   * asynchronous one answers the event's request id as soon as the event is queued.
   * @throws when there is no such function or the payload is too large; what the function does is a value
   */
  invoke(name: string, payload: unknown, options: { readonly kind: 'sync' }): Promise<Invocation>;
  invoke(name: string, payload: unknown, options: { readonly kind: 'async' }): Promise<{ requestId: string }>;
  /** Every process that runs. */
  sandboxes(): readonly RunningSandbox[];
  /** Ends a process now; a later invocation starts another. Nothing when it is gone already. */
  kill(sandboxId: string, cause: KillCause): void;
  /** Ends idle processes of a function, as Lambda does at its own choice; of all when no name is given. */
  recycle(name?: string): Promise<void>;
  /** Ends everything; what is in hand ends as crashed. */
  close(): Promise<void>;
}

export type RunningSandbox = Pick<Sandbox, 'id' | 'pid' | 'functionName' | 'accessKeyId' | 'requestId'>;

export interface LambdaHostOptions {
  readonly clock: VirtualClock;
  readonly region: string;
  readonly gatewayUrl: string;
  /** A folder of its own, for the scripts that sandboxes run. */
  readonly workDir: string;
  /** Of the function's role, new for each process. */
  readonly issueCredentials: (definition: FunctionDefinition, logStream: string) => SandboxCredentials;
  readonly onLog?: (functionName: string, line: string) => void;
  /** Told of every invocation that ended, each attempt of an asynchronous event included. */
  readonly onInvocation?: (invocation: Invocation) => void;
  /** Asked before each invocation; for faults. */
  readonly beforeInvoke?: (planned: PlannedInvocation) => Interference | undefined;
  /** Stops idle processes, as Lambda freezes them; what a handler left running then wakes in the next invocation. */
  readonly freeze?: boolean;
  /** Delivers to an event's destination or dead-letter queue, as the function's role. */
  readonly sendTo?: (roleArn: string, arn: string, message: unknown) => Promise<void>;
}

export interface PlannedInvocation {
  readonly definition: FunctionDefinition;
  readonly requestId: string;
  readonly payload: unknown;
  readonly kind: InvocationKind;
  readonly attempt: number;
}

export interface Interference {
  /** What the sandbox's clock is ahead (or behind, negative) of everybody else's. */
  readonly skewMs?: number;
  /** Ends the process so many milliseconds after the invocation began. */
  readonly kill?: { readonly afterMs: number; readonly cause: KillCause };
  /** Starts a process even where a warm one is idle. */
  readonly cold?: boolean;
}

/** One event to be worked on now. */
export interface InvocationOrder {
  readonly target: FoundFunction;
  readonly body: string;
  readonly payload: unknown;
  readonly requestId: string;
  readonly kind: InvocationKind;
  readonly attempt: number;
}

/** Lambda's limits of a payload, for synchronous and asynchronous calls. */
const maxBytes = { sync: 6 * 1024 * 1024, async: 1024 * 1024 };

export function createLambdaHost(options: LambdaHostOptions): LambdaHost {
  const { clock } = options;
  const functions = new FunctionRegistry();
  const pool = new Set<Sandbox>();
  const idle = new Map<FunctionDefinition, Sandbox[]>();
  const inHand = new Map<string, number>();
  let files: SandboxFiles | undefined;
  let closed = false;

  const start = async (definition: FunctionDefinition, skewMs: number): Promise<Sandbox> => {
    files ??= writeSandboxFiles(options.workDir);
    const logStream = logStreamOf(definition, clock.now());
    const sandbox = await startSandbox({
      definition,
      files,
      logStream,
      credentials: options.issueCredentials(definition, logStream),
      region: options.region,
      gatewayUrl: options.gatewayUrl,
      clockOffsetMs: clock.offsetMs + skewMs,
      freeze: options.freeze ?? false,
      onLog: (line) => options.onLog?.(definition.name, line),
    });
    pool.add(sandbox);
    if (closed) await sandbox.discard();
    return sandbox;
  };
  const takeIdle = (definition: FunctionDefinition): Sandbox | undefined => {
    const waiting = idle.get(definition) ?? [];
    for (let sandbox = waiting.pop(); sandbox !== undefined; sandbox = waiting.pop()) {
      if (sandbox.alive) return sandbox;
      pool.delete(sandbox);
    }
    return undefined;
  };
  const giveBack = (definition: FunctionDefinition, sandbox: Sandbox) => {
    if (!sandbox.alive) {
      pool.delete(sandbox);
      return;
    }
    const waiting = idle.get(definition) ?? [];
    waiting.push(sandbox);
    idle.set(definition, waiting);
  };
  const perform = async (order: InvocationOrder): Promise<Invocation> => {
    const { definition } = order.target;
    const interference = options.beforeInvoke?.({ ...order, definition }) ?? {};
    const skewMs = interference.skewMs ?? 0;
    const calledAt = clock.now();
    let sandbox = interference.cold === true ? undefined : takeIdle(definition);
    const warm = sandbox !== undefined;
    sandbox ??= await start(definition, skewMs);
    const end = await sandbox.started;
    const startedAt = clock.now();
    const facts = {
      ...factsOf(order),
      startedAt,
      ...(warm ? {} : { initDurationMs: startedAt - calledAt }),
    };
    if (end !== undefined) {
      pool.delete(sandbox);
      return { ...facts, status: 'crashed', payload: end.error, logs: end.logs, durationMs: 0 };
    }

    const deadline = startedAt + definition.timeoutSeconds * 1000;
    const worker = sandbox;
    const cancels = [clock.at(deadline, () => worker.kill('timeout'))];
    const { kill } = interference;
    if (kill !== undefined) cancels.push(clock.at(startedAt + kill.afterMs, () => worker.kill(kill.cause)));
    const outcome = await worker.work({
      requestId: order.requestId,
      body: order.body,
      deadline: deadline + skewMs,
      invokedArn: order.target.invokedArn,
      traceId: `Root=1-${Math.floor(startedAt / 1000).toString(16)}-${randomBytes(12).toString('hex')};Sampled=0`,
      clockOffsetMs: clock.offsetMs + skewMs,
    });
    for (const cancel of cancels) cancel();
    const ended = withinMemory(definition, outcome);
    if (ended.status === 'crashed') worker.kill('out-of-memory');
    giveBack(definition, worker);
    return { ...facts, ...ended, durationMs: clock.now() - startedAt };
  };
  const limited = async (order: InvocationOrder): Promise<Invocation> => {
    if (closed) throw new Error('the Lambda host is closed');
    const { name, reservedConcurrency } = order.target.definition;
    const others = inHand.get(name) ?? 0;
    if (others >= (reservedConcurrency ?? Number.POSITIVE_INFINITY)) return throttled(order, clock.now());
    inHand.set(name, others + 1);
    try {
      return await perform(order);
    } finally {
      inHand.set(name, (inHand.get(name) ?? 1) - 1);
    }
  };
  const run = async (order: InvocationOrder): Promise<Invocation> => {
    // The clock must not jump while an invocation is in progress.
    const invocation = await clock.busy(limited(order));
    options.onInvocation?.(invocation);
    return invocation;
  };

  const invoke = async (name: string, payload: unknown, { kind }: { kind: InvocationKind }) => {
    const target = functions.find(name);
    const body = JSON.stringify(payload ?? {});
    if (Buffer.byteLength(body) > maxBytes[kind])
      throw new Error(`RequestTooLargeException: the payload for ${name} is above ${maxBytes[kind]} bytes`);
    const order = { target, body, payload, requestId: randomUUID(), kind, attempt: 1 };
    if (kind === 'sync') return run(order);
    acceptAsync(order, { clock, run, sendTo: options.sendTo });
    return { requestId: order.requestId };
  };
  const discard = async (sandboxes: readonly Sandbox[]) => {
    await Promise.all(sandboxes.map((sandbox) => sandbox.discard()));
    for (const sandbox of sandboxes) pool.delete(sandbox);
  };

  return {
    functions,
    invoke: invoke as LambdaHost['invoke'],
    sandboxes: () => [...pool].filter((sandbox) => sandbox.alive),
    kill: (id, cause) => [...pool].find((sandbox) => sandbox.id === id)?.kill(cause),
    recycle: async (name) => {
      const definitions = [...idle.keys()].filter(
        (definition) => name === undefined || functions.find(name).definition.arn === definition.arn,
      );
      await Promise.all(definitions.map((definition) => discard((idle.get(definition) ?? []).splice(0))));
    },
    close: async () => {
      closed = true;
      await discard([...pool]);
    },
  };
}

/** `2026/03/01/[$LATEST]0123…`, one of each process. */
function logStreamOf({ version }: FunctionDefinition, now: number): string {
  const day = new Date(now).toISOString().slice(0, 10).replaceAll('-', '/');
  return `${day}/[${version}]${randomUUID().replaceAll('-', '')}`;
}

function factsOf(order: InvocationOrder) {
  const { requestId, kind, attempt, payload: event, target } = order;
  const { name: functionName, logicalId } = target.definition;
  return { requestId, kind, attempt, event, functionName, logicalId };
}

/** Lambda kills a process that takes more memory than it has; here that is known only when it has answered. */
function withinMemory(definition: FunctionDefinition, outcome: SandboxOutcome): SandboxOutcome {
  if ((outcome.maxRssMb ?? 0) <= definition.memoryMb) return outcome;
  const errorMessage = `Runtime exited with error: signal: killed (${outcome.maxRssMb?.toFixed(0)} of ${definition.memoryMb} MB used)`;
  return { ...outcome, status: 'crashed', payload: { errorType: 'Runtime.OutOfMemory', errorMessage } };
}

function throttled(order: InvocationOrder, now: number): Invocation {
  return {
    ...factsOf(order),
    status: 'throttled',
    payload: { errorType: 'TooManyRequestsException', errorMessage: 'Rate Exceeded.' },
    logs: [],
    startedAt: now,
    durationMs: 0,
  };
}
