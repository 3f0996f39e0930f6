import type { InvocationKind } from './function-definition.ts';
import type { FoundFunction } from './function-registry.ts';
import type { KillCause } from './sandbox-end.ts';

/** One event to be worked on now. */
export interface InvocationOrder {
  readonly target: FoundFunction;
  readonly body: string;
  readonly payload: unknown;
  readonly requestId: string;
  readonly kind: InvocationKind;
  readonly attempt: number;
}

export interface InvocationInterference {
  /** Milliseconds by which the sandbox's clock is ahead of the others; negative if it is behind. */
  readonly skewMs?: number;
  /** Ends the process so many milliseconds after the invocation began. */
  readonly kill?: { readonly afterMs: number; readonly cause: KillCause };
  /** Starts a process even where a warm one is idle. */
  readonly cold?: boolean;
}
