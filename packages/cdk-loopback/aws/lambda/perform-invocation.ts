import { randomBytes } from 'node:crypto';
import type { VirtualClock } from '../../clock/virtual-clock.ts';
import type { FunctionDefinition, Invocation } from './function-definition.ts';
import type { InvocationInterference, InvocationOrder } from './invocation-order.ts';
import { enforceMemoryLimit } from './memory-limit.ts';
import type { SandboxOutcome } from './sandbox.ts';
import type { SandboxPool } from './sandbox-pool.ts';

/** Lambda allows a start this long, or the function's timeout where that is longer. */
const initLimitMs = 10_000;

/** Works on one event in one sandbox, ended at the function's timeout. */
export async function performInvocation(
  order: InvocationOrder,
  interference: InvocationInterference,
  { pool, clock }: { readonly pool: SandboxPool; readonly clock: VirtualClock },
): Promise<Invocation> {
  const { definition, invokedArn } = order.target;
  const { skewMs = 0, cold = false, kill } = interference;
  const timeoutMs = definition.timeoutSeconds * 1000;
  const calledAt = clock.now();
  const { sandbox, warm } = await pool.take(definition, { cold, skewMs });
  const giveUp = clock.at(calledAt + Math.max(initLimitMs, timeoutMs), () => sandbox.kill('timeout'));
  const end = await sandbox.started;
  giveUp();
  const startedAt = clock.now();
  const facts = {
    ...factsOf(order),
    startedAt,
    ...(warm ? {} : { initDurationMs: startedAt - calledAt }),
  };
  if (end !== undefined) {
    pool.giveBack(definition, sandbox);
    return { ...facts, status: end.status, payload: end.error, logs: end.logs, durationMs: 0 };
  }

  const deadline = startedAt + timeoutMs;
  const cancels = [clock.at(deadline, () => sandbox.kill('timeout'))];
  if (kill !== undefined) cancels.push(clock.at(startedAt + kill.afterMs, () => sandbox.kill(kill.cause)));
  cancels.push(enforceMemoryLimit(sandbox.pid, definition.memoryMb, () => sandbox.kill('out-of-memory')));
  const task = {
    requestId: order.requestId,
    body: order.body,
    deadline: deadline + skewMs,
    invokedArn,
    traceId: traceIdOf(startedAt),
    clockOffsetMs: clock.offsetMs + skewMs,
  };
  const outcome = await sandbox.work(task, ({ asleepMs, ports }, tell) =>
    clock.rest({
      until: clock.now() + asleepMs,
      ports,
      onMoved: () => tell(clock.offsetMs + skewMs),
    }),
  );
  for (const cancel of cancels) cancel();
  const ended = withinMemory(definition, outcome);
  if (ended.status === 'crashed') sandbox.kill('out-of-memory');
  pool.giveBack(definition, sandbox);
  return { ...facts, ...ended, durationMs: clock.now() - startedAt };
}

/** An invocation for which there was no room. */
export function throttledInvocation(order: InvocationOrder, now: number): Invocation {
  return {
    ...factsOf(order),
    status: 'throttled',
    payload: { errorType: 'TooManyRequestsException', errorMessage: 'Rate Exceeded.' },
    logs: [],
    startedAt: now,
    durationMs: 0,
  };
}

function factsOf(order: InvocationOrder) {
  const { requestId, kind, attempt, payload: event, target } = order;
  const { name: functionName, logicalId } = target.definition;
  return { requestId, kind, attempt, event, functionName, logicalId };
}

function traceIdOf(now: number): string {
  return `Root=1-${Math.floor(now / 1000).toString(16)}-${randomBytes(12).toString('hex')};Sampled=0`;
}

/** Lambda kills a process that takes more memory than it has; what took it for a moment is known when it has answered. */
function withinMemory(definition: FunctionDefinition, outcome: SandboxOutcome): SandboxOutcome {
  if ((outcome.maxRssMb ?? 0) <= definition.memoryMb) return outcome;
  const used = `${outcome.maxRssMb?.toFixed(0)} of ${definition.memoryMb} MB used`;
  const errorMessage = `Runtime exited with error: signal: killed (${used})`;
  return { ...outcome, status: 'crashed', payload: { errorType: 'Runtime.OutOfMemory', errorMessage } };
}
