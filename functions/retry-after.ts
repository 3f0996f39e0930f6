/**
 * Reads a `Retry-After` header, which holds seconds or an HTTP date (RFC 9110, 10.2.3).
 *
 * @returns milliseconds from `now`, 0..24 hours; undefined when absent or unreadable
 */
export function retryAfterMs(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  const text = header.trim();
  if (/^\d+(\.\d+)?$/.test(text)) return Math.min(longestMs, Math.ceil(Number(text) * 1000));
  // Every HTTP date begins with a weekday; Date.parse alone would take `-5` for a month.
  const at = /^[A-Za-z]{3}/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? undefined : Math.min(longestMs, Math.max(0, at - now));
}

/** No longer wait is taken for one: digits that mean something else end nowhere as a number of milliseconds. */
const longestMs = 86_400_000;
