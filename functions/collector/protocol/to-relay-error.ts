import { RelayError } from '../../relay-error.ts';
import { shownFailure } from '../../shown-failure.ts';

/** What was caught, as an error that an operator can be told of. The caught one is not its cause: it may quote events. */
export function toRelayError(error: unknown): RelayError {
  if (error instanceof RelayError) return error;
  const message = `The run failed with ${shownFailure(error)}. The next one goes on where it stopped.`;
  return new RelayError('RunFailed', message);
}
