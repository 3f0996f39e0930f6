import { RelayError } from '../../relay-error.ts';
import { shownFailure } from '../../shown-failure.ts';

/** Turns a caught error into one that may be shown. The caught error is not kept as `cause`, since it may quote events. */
export function toRelayError(error: unknown): RelayError {
  if (error instanceof RelayError) return error;
  const message = `The run failed with ${shownFailure(error)}. The next one goes on where it stopped.`;
  return new RelayError('RunFailed', message);
}
