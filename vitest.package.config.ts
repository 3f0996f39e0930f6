import { defineConfig } from 'vitest/config';

/** The package as a stranger installs it, outside the repository. Its tests go one after the other: each uses the last one's folder. */
export default defineConfig({
  test: {
    include: ['test/package/**/*.test.ts'],
    testTimeout: 300_000,
    hookTimeout: 600_000,
    pool: 'forks',
    fileParallelism: false,
  },
});
