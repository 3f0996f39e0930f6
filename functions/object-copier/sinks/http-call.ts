import { networkFailure } from '../../shown-failure.ts';
import type { Busy } from '../ports.ts';

const timeoutMs = 60_000;
/** Any error text that is read is shorter; a longer body is cut off here, unless the caller wants more. */
const longestText = 4_096;

export interface HttpCall {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
}

export interface HttpAnswer {
  readonly kind: 'answer';
  readonly status: number;
  readonly retryAfter: string | undefined;
  /** The body, cut off after 4,096 characters. */
  readonly text: string;
}

/** Makes one call and follows no redirect. A failure of the network is the outcome `busy`. */
export async function call(
  { method, url, headers, body }: HttpCall,
  signal: AbortSignal,
  mostText = longestText,
): Promise<HttpAnswer | Busy> {
  try {
    const response = await fetch(url, {
      method,
      headers,
      body: body as RequestInit['body'],
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    });
    const text = (await response.text()).slice(0, mostText);
    return {
      kind: 'answer',
      status: response.status,
      retryAfter: response.headers.get('retry-after') ?? undefined,
      text,
    };
  } catch (error) {
    return { kind: 'busy', message: `${method} ${new URL(url).host} failed: ${networkFailure(error)}.` };
  }
}

/** True for 408, 429 and 5xx: nothing is wrong with the request, and a later attempt may succeed. */
export function asksForPatience(status: number): boolean {
  return status === 408 || status === 429 || status >= 500;
}
