import { RelayError } from '../relay-error.ts';
import { unforeseenFailure } from '../shown-failure.ts';

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

/** What was caught, as an error that an operator can be told of. The caught one is not its cause: it may quote events. */
export function foreseen(error: unknown): RelayError {
  if (error instanceof RelayError) return error;
  const message = `The run failed with ${unforeseenFailure(error)}. The next one goes on where it stopped.`;
  return new RelayError('RunFailed', message);
}
