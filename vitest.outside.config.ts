import { defineConfig } from 'vitest/config';

/** The product against real software, which each test installs into a temporary folder, or says that it could not. */
export default defineConfig({
  test: {
    include: ['test/outside/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
    fileParallelism: false,
    // The run ends within ten minutes: what is not installed by then is skipped.
    provide: { installBefore: Date.now() + 8 * 60_000 },
  },
});
