/** One function as the Lambda host needs it, resolved from the template. */
export interface FunctionDefinition {
  readonly logicalId: string;
  readonly name: string;
  /** Without a qualifier. */
  readonly arn: string;
  /** `$LATEST` or a published number. */
  readonly version: string;
  readonly roleArn: string;
  /** `index.handler`: the file below `codeDir` without its extension, then the export. */
  readonly handler: string;
  /** Absolute. */
  readonly codeDir: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  /** Invocations at once; no limit when absent. */
  readonly reservedConcurrency?: number;
  readonly logGroup: string;
  /** Where events end that failed for good, as a queue's ARN. */
  readonly deadLetterArn?: string;
}

/** How often and for how long asynchronous events are tried, per function and qualifier. */
export interface AsyncSettings {
  /** 0..2; Lambda's default is 2. */
  readonly maxRetries: number;
  /** 60..21600; Lambda's default is 21600. */
  readonly maxEventAgeSeconds: number;
}

export const defaultAsyncSettings: AsyncSettings = { maxRetries: 2, maxEventAgeSeconds: 21_600 };

/** One invocation, as it ended. */
export interface Invocation {
  readonly status: InvocationStatus;
  /** The handler's return value; for any status but `ok`, Lambda's error object. */
  readonly payload: unknown;
  /** Lines of stdout and stderr, oldest first; of a very talkative invocation, the last ones. */
  readonly logs: readonly string[];
  readonly requestId: string;
  readonly functionName: string;
  readonly logicalId: string;
  readonly event: unknown;
  readonly kind: InvocationKind;
  /** 1 for the first; asynchronous events that failed are tried again. */
  readonly attempt: number;
  /** Milliseconds since the epoch, on the virtual clock. */
  readonly startedAt: number;
  /** Without the start of the sandbox. */
  readonly durationMs: number;
  /** Present when a sandbox had to be started. */
  readonly initDurationMs?: number;
  /** The most memory the sandbox's process has held in its life; absent when it ended without telling. */
  readonly maxRssMb?: number;
}

/**
 * `error`: the handler threw. `timeout`: killed at the function's timeout. `crashed`: the process ended, was
 * killed or ran out of memory. `throttled`: the reserved concurrency was used up; nothing ran.
 */
export type InvocationStatus = 'ok' | 'error' | 'timeout' | 'crashed' | 'throttled';
export type InvocationKind = 'sync' | 'async';

/** The object in which Lambda and its runtimes describe an error. */
export interface LambdaError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}
