import { RelayError } from '../../relay-error.ts';

/**
 * A word for why something failed, for logs: the code of a foreseen error, else the error's own name, else the code that
 * the system gave (`ECONNREFUSED`), also where the error only wraps it. It carries no message, which may quote events.
 */
export function causeName(error: unknown): string {
  if (error instanceof RelayError) return error.code;
  if (!(error instanceof Error)) return 'UnknownError';
  if (!unnamed.has(error.name)) return error.name;
  const { code, cause } = error as Error & { readonly code?: unknown };
  if (typeof code === 'string') return code;
  return cause === undefined ? error.name : causeName(cause);
}

/** Names that say nothing of the cause. Node tries several addresses, and wraps the refusals of all of them. */
const unnamed: ReadonlySet<string> = new Set(['Error', 'AggregateError']);
