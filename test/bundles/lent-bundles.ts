import { join } from 'node:path';

/** Parts of a Vitest configuration by which `make-bundle.ts` beside this file stands in the place of the one in `infra/`. */
export const lentBundles = {
  globalSetup: join(import.meta.dirname, 'bundle-folder.ts'),
  // As `infra/constructs/function-bundle.ts` writes it; every other import of that file is left alone.
  alias: { find: /^\.\/make-bundle\.ts$/, replacement: join(import.meta.dirname, 'make-bundle.ts') },
};
