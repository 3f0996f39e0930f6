import type { Busy, Refused } from '../ports.ts';

/**
 * What a failed AWS call means for a message: a 4xx other than throttling needs an operator; everything else
 * passes by itself. The SDK has retried before it throws.
 * @throws what did not come from a call, such as a programming error
 */
export function awsFailure(error: unknown, service: string): Busy | Refused {
  if (!(error instanceof Error)) throw error;
  const { $metadata, code } = error as { $metadata?: { httpStatusCode?: number }; code?: string };
  const fromNetwork = code !== undefined || error.name === 'AbortError' || error.name === 'TimeoutError';
  if ($metadata === undefined && !fromNetwork) throw error;
  const status = $metadata?.httpStatusCode;
  const message = `${service} failed with ${error.name}${status === undefined ? '' : ` (${status})`}.`;
  const wrong = status !== undefined && status >= 400 && status < 500 && status !== 429;
  const throttled = /Throttl|SlowDown|RequestTimeout|ExpiredToken/.test(error.name);
  return wrong && !throttled ? { kind: 'refused', message, status } : { kind: 'busy', message, status };
}
