import { RelayError } from '../relay-error.ts';

/** Firehose refused a whole call. `throttled` says that asking later is all it wants. */
export class SinkRefused extends RelayError {
  readonly throttled: boolean;

  constructor(
    message: string,
    options: { readonly throttled: boolean; readonly name: string; readonly cause?: unknown },
  ) {
    super('SinkRefused', message, { facts: { error: options.name }, cause: options.cause });
    this.throttled = options.throttled;
  }
}

/** What was caught, as an error that an operator can be told of. */
export function foreseen(error: unknown): RelayError {
  if (error instanceof RelayError) return error;
  const name = error instanceof Error ? error.name : typeof error;
  const message = error instanceof Error ? error.message : String(error);
  return new RelayError('RunFailed', `The run failed with ${name}: ${message}`, { cause: error });
}
