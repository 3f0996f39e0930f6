import type { Output } from './progress.ts';

/** What a run needs of the process that it runs in. */
export interface RunContext {
  /** The project's folder. */
  readonly root: string;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborts with an `Interrupted`. */
  readonly signal: AbortSignal;
}
