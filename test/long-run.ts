import { inject, test } from 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    /** True in `npm run test:long`, which also runs the files that `vitest.long.config.ts` names, with all that they have. */
    isLongRun: boolean;
  }
}

/** A test that `npm run test:long` alone runs, in a file of which `npm test` runs the others. */
export const longTest = test.skipIf(!inject('isLongRun'));

/** How many examples a property draws: `all` in `npm run test:long`, a fifth of them in `npm test`. */
export function examples(all: number): number {
  return inject('isLongRun') ? all : Math.ceil(all / 5);
}
