import type { Counterexample } from './explore.ts';

/** What a failed test prints: the invariant, and how it came to break. */
export function told(counterexample: Counterexample | undefined): string {
  if (counterexample === undefined) return 'holds';
  return [...counterexample.broken, ...counterexample.trace.map((step, at) => `${at + 1}. ${step}`)].join(
    '\n',
  );
}
