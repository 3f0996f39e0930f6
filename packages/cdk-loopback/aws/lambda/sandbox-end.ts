import type { FunctionDefinition, LambdaError } from './function-definition.ts';

/** Why a process was killed by us. */
export type KillCause = 'killed' | 'timeout' | 'out-of-memory';

/** Why a process is gone. */
export interface SandboxEnd {
  readonly status: 'timeout' | 'crashed';
  readonly error: LambdaError;
  readonly logs: readonly string[];
}

/** Words the end of a process as Lambda does. */
export function endOf(
  definition: FunctionDefinition,
  facts: {
    readonly cause?: KillCause;
    readonly initError?: LambdaError;
    readonly code: number | null;
    readonly signal: string | null;
    readonly requestId?: string;
  },
): Omit<SandboxEnd, 'logs'> {
  const request = `RequestId: ${facts.requestId ?? 'none'} Error: `;
  if (facts.cause === 'timeout') {
    const errorMessage = `${request}Task timed out after ${definition.timeoutSeconds.toFixed(2)} seconds`;
    return { status: 'timeout', error: { errorType: 'Sandbox.Timedout', errorMessage } };
  }
  if (facts.initError !== undefined) return { status: 'crashed', error: facts.initError };
  const how = facts.signal === null ? `exit status ${facts.code}` : `signal: ${signalWord(facts.signal)}`;
  const errorType = facts.cause === 'out-of-memory' ? 'Runtime.OutOfMemory' : 'Runtime.ExitError';
  return {
    status: 'crashed',
    error: { errorType, errorMessage: `${request}Runtime exited with error: ${how}` },
  };
}

function signalWord(signal: string): string {
  if (signal === 'SIGKILL') return 'killed';
  return signal === 'SIGABRT' ? 'aborted' : signal;
}
