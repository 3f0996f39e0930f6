/** Milliseconds before attempt 1, 2, …: exponential from 100 ms, at most 5 s, full jitter. */
export function fullJitter(attempt: number, random: number): number {
  return random * Math.min(5_000, 100 * 2 ** attempt);
}
