import { defineConfig } from 'vitest/config';
import { lentBundles } from './test/bundles/lent-bundles.ts';
import { keepCompiledCode } from './test/compiled-code.ts';

keepCompiledCode();

/** What takes longer than `npm test` may: whole runs and mutation tests. */
export default defineConfig({
  resolve: { alias: [lentBundles.alias] },
  test: {
    globalSetup: lentBundles.globalSetup,
    provide: { isLongRun: true },
    include: [
      'test/**/*.long.test.ts',
      'packages/*/test/**/*.long.test.ts',
      // `npm test` runs these, too, without what `test/long-run.ts` keeps for here.
      'test/functions/collector/answers/{cut,whole}-events.test.ts',
      'test/functions/collector/delivery/delivery-keeps-up.test.ts',
      'test/functions/collector/views/apply-view.test.ts',
      'test/local/run/{end-to-end,story,unjournaled}.test.ts',
    ],
    testTimeout: 600_000,
    hookTimeout: 300_000,
    pool: 'forks',
    // A whole run waits for its processes and for real time now and then: two side by side take little longer than one.
    maxWorkers: 2,
    // As in `vitest.config.ts`.
    env: { CDK_VALIDATION: 'false' },
  },
});
