import type { Busy, Refused } from '../ports.ts';

/**
 * Says what a failed AWS call means for a message. A 4xx other than throttling needs an operator; every other
 * failure passes by itself. The SDK has tried again before it throws.
 * @throws an error that came from no call, such as a programming error
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
