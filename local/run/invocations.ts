import type { Invocation } from '@mosaic-relay/cdk-loopback';
import type { WorldStream } from '../world-streams.ts';

/** Counts the outcomes of every function's invocations. */
export function watchInvocations(): InvocationWatch {
  const seen = new Map<string, FunctionFacts>();
  return {
    onInvocation({ functionName, status, payload, maxRssMb = 0 }) {
      const before = seen.get(functionName) ?? { invocations: 0, failures: 0, maxRssMb: 0 };
      const failed = status !== 'ok';
      seen.set(functionName, {
        invocations: before.invocations + 1,
        failures: before.failures + (failed ? 1 : 0),
        maxRssMb: Math.max(before.maxRssMb, maxRssMb),
        lastFailure: failed ? failureText(status, payload) : before.lastFailure,
      });
    },
    of: ({ functionName }) => seen.get(functionName) ?? { invocations: 0, failures: 0, maxRssMb: 0 },
  };
}

export interface InvocationWatch {
  onInvocation(invocation: Invocation): void;
  of(stream: Pick<WorldStream, 'functionName'>): FunctionFacts;
}

export interface FunctionFacts {
  readonly invocations: number;
  readonly failures: number;
  /** The highest resident memory of the function's processes. */
  readonly maxRssMb: number;
  /** One line. */
  readonly lastFailure?: string;
}

function failureText(status: Invocation['status'], payload: unknown): string {
  const { errorMessage } = (payload ?? {}) as { readonly errorMessage?: unknown };
  return typeof errorMessage === 'string' ? (errorMessage.split('\n')[0] ?? status) : status;
}
