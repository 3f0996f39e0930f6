import { RelayError } from '../../relay-error.ts';

/** How the collecting of a run ended. `caution` makes the next run probe the journal and ask for few events. */
export type Ending =
  | { readonly outcome: 'drained' | 'caught-up' | 'out-of-time' }
  | { readonly outcome: 'failed'; readonly error: RelayError; readonly caution: boolean };

export function failedEnding(code: string, message: string, more: FailureFacts = {}): Ending {
  const { caution = false, facts } = more;
  return { outcome: 'failed', error: new RelayError(code, message, facts ? { facts } : {}), caution };
}

interface FailureFacts {
  readonly caution?: boolean;
  readonly facts?: RelayError['facts'] | 0;
}
