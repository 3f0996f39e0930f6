import { defineConfig } from 'vitest/config';
import { lentBundles } from './test/bundles/lent-bundles.ts';
import { keepCompiledCode } from './test/compiled-code.ts';

keepCompiledCode();

/** What has a script of its own: `test:long`, `test:outside`, `test:package`. */
const elsewhere = ['**/*.long.test.ts', 'test/{outside,package}/**'];

/**
 * Files that share processes, because loading the CDK or the AWS SDK takes longer than most of them: those that
 * synthesise and look at templates, those of the commands, and those of the libraries.
 */
const sharing = ['test/infra/**/*.test.ts', 'test/cli/**/*.test.ts', 'packages/*/test/**/*.test.ts'];
/** Those of `infra` that deploy on this machine, or start another program, do not. */
const deployed = [
  'test/infra/{deploy-sequence,kept-delivery,new-kind,settings-file,settings-in-an-editor,taken-stream,whole-day}.test.ts',
  'test/infra/monitoring/notifications.test.ts',
];

export default defineConfig({
  resolve: { alias: [lentBundles.alias] },
  test: {
    globalSetup: lentBundles.globalSetup,
    provide: { isLongRun: false },
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: 'forks',
    // Vitest leaves one core idle by itself, which is half of two.
    maxWorkers: '100%',
    // The CDK checks each template against CloudFormation's schemas, which takes two seconds of a process and then a third
    // of a second a synth. `template-schema.test.ts` and `destinations.test.ts` make the same check by themselves.
    env: { CDK_VALIDATION: 'false' },
    projects: [
      {
        extends: true,
        test: {
          name: 'sharing',
          include: sharing,
          exclude: [...elsewhere, ...deployed],
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'rest',
          include: ['test/!(infra|cli)/**/*.test.ts', 'test/*.test.ts', ...deployed],
          exclude: elsewhere,
        },
      },
    ],
  },
});
