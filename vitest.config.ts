import { defineConfig } from 'vitest/config';

/** Tests that end in `.long.test.ts` run under `npm run test:long` only, those of `test/outside` under `test:outside`. */
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', 'packages/*/test/**/*.test.ts'],
    exclude: ['**/*.long.test.ts', 'test/outside/**'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: 'forks',
    // Vitest leaves one core idle by itself, which is half of two.
    maxWorkers: '100%',
    // The CDK checks each template against CloudFormation's schemas, which takes two seconds of a process and then a third
    // of a second a synth. `template-schema.test.ts` and `destinations.test.ts` make the same check by themselves.
    env: { CDK_VALIDATION: 'false' },
  },
});
