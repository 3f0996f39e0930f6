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
