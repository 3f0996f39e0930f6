import type { z } from 'zod';

/** Has a check between a destination's settings run although one of them was refused: a refused one stands as written. */
export const besideRefusals = {
  when: ({ value }: { readonly value: unknown }) => typeof value === 'object' && value !== null,
};

/** True if none of these settings was refused by itself. */
export function areSound(context: z.core.$RefinementCtx, ...names: readonly string[]): boolean {
  return !context.issues.some(({ path }) => names.includes(String(path?.[0])));
}
