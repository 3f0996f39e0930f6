/**
 * The base of every error that the relay foresees.
 *
 * `code` is the runbook's anchor and the metric's dimension; `facts` go to the log as fields. Neither ever
 * carries event content or a secret. A programming error stays a plain `Error` and is never retried.
 */
export class RelayError extends Error {
  readonly code: string;
  readonly facts: Readonly<Record<string, string | number | boolean>>;

  /** @param message what happened and what happens next, in words for an operator */
  constructor(code: string, message: string, options: RelayErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'RelayError';
    this.code = code;
    this.facts = options.facts ?? {};
  }
}

export interface RelayErrorOptions {
  readonly facts?: Readonly<Record<string, string | number | boolean>>;
  readonly cause?: unknown;
}
