/**
 * A stand-in for Lambda: runs functions in processes of their own, warm between invocations, killed at their
 * timeout.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
 */
import { randomUUID } from 'node:crypto';
import type { VirtualClock } from '../../clock/virtual-clock.ts';
import type { LogPlace } from '../control-plane/log-store.ts';
import { acceptAsync } from './async-events.ts';
import type { FunctionDefinition, Invocation, InvocationKind } from './function-definition.ts';
import { FunctionRegistry } from './function-registry.ts';
import type { InvocationInterference, InvocationOrder } from './invocation-order.ts';
import { performInvocation, throttledInvocation } from './perform-invocation.ts';
import { type Sandbox, startSandbox } from './sandbox.ts';
import type { KillCause } from './sandbox-end.ts';
import type { SandboxCredentials } from './sandbox-environment.ts';
import { type SandboxFiles, writeSandboxFiles } from './sandbox-files.ts';
import { createSandboxPool } from './sandbox-pool.ts';

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
  /** Told of each line that a function writes, and of the line by which Lambda says that it ended a process at work. */
  readonly onLog?: (functionName: string, line: string, place: LogPlace) => void;
  /** Told of every invocation that ended, each attempt of an asynchronous event included. */
  readonly onInvocation?: (invocation: Invocation) => void;
  /** Asked before each invocation; for faults. */
  readonly beforeInvoke?: (planned: PlannedInvocation) => InvocationInterference | undefined;
  /** Stops idle processes, as Lambda freezes them; what a handler left running then wakes in the next invocation. */
  readonly freeze?: boolean;
  /** Moves the clock on while every invocation that is in hand only waits for a timer of its own. */
  readonly skipSleeps?: boolean;
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

/** Lambda's limits of a payload, for synchronous and asynchronous calls. */
const maxBytes = { sync: 6 * 1024 * 1024, async: 1024 * 1024 };

export function createLambdaHost(options: LambdaHostOptions): LambdaHost {
  const { clock } = options;
  const functions = new FunctionRegistry();
  const inHand = new Map<string, number>();
  let files: SandboxFiles | undefined;
  let closed = false;

  const pool = createSandboxPool({
    isCurrent: (definition) => functions.holds(definition),
    start: (definition, skewMs) => {
      files ??= writeSandboxFiles(options.workDir);
      const logStream = logStreamOf(definition, clock.now());
      return startSandbox({
        definition,
        files,
        logStream,
        credentials: options.issueCredentials(definition, logStream),
        region: options.region,
        gatewayUrl: options.gatewayUrl,
        clockOffsetMs: clock.offsetMs + skewMs,
        freeze: options.freeze ?? false,
        skipSleeps: options.skipSleeps ?? false,
        onLog: (line) =>
          options.onLog?.(definition.name, line, { group: definition.logGroup, stream: logStream }),
      });
    },
  });
  const perform = async (order: InvocationOrder): Promise<Invocation> => {
    if (closed) throw new Error('the Lambda host is closed');
    const { definition } = order.target;
    const { name, reservedConcurrency = Number.POSITIVE_INFINITY } = definition;
    const others = inHand.get(name) ?? 0;
    if (others >= reservedConcurrency) return throttledInvocation(order, clock.now());
    inHand.set(name, others + 1);
    try {
      const interference = options.beforeInvoke?.({ ...order, definition }) ?? {};
      return await performInvocation(order, interference, { pool, clock });
    } finally {
      inHand.set(name, (inHand.get(name) ?? 1) - 1);
    }
  };
  const run = async (order: InvocationOrder): Promise<Invocation> => {
    // The clock must not jump while an invocation is in progress; an event's attempt is a task of the clock's already.
    const invocation = await (order.kind === 'async' ? perform(order) : clock.busy(perform(order)));
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
  return {
    functions,
    invoke: invoke as LambdaHost['invoke'],
    sandboxes: () => pool.alive(),
    kill: (id, cause) => {
      for (const sandbox of pool.alive()) if (sandbox.id === id) sandbox.kill(cause);
    },
    recycle: (name) => {
      const arn = name === undefined ? undefined : functions.find(name).definition.arn;
      return pool.recycle((definition) => arn === undefined || definition.arn === arn);
    },
    close: async () => {
      closed = true;
      await pool.close();
    },
  };
}

/** `2026/03/01/[$LATEST]0123…`, one of each process. */
function logStreamOf({ version }: FunctionDefinition, now: number): string {
  const day = new Date(now).toISOString().slice(0, 10).replaceAll('-', '/');
  return `${day}/[${version}]${randomUUID().replaceAll('-', '')}`;
}
