import { defineConfig } from 'vitest/config';
import { lentBundles } from './test/bundles/lent-bundles.ts';
import { keepCompiledCode } from './test/compiled-code.ts';

keepCompiledCode();

/** What has a script of its own: `test:long`, `test:outside`, `test:package`. */
const elsewhere = ['**/*.long.test.ts', 'test/{outside,package}/**'];

/**
 * Files that share processes, because loading the CDK or the AWS SDK takes longer than most of them: those that
 * synthesise and look at templates, those of the commands, of the local run, and of the libraries.
 */
const sharing = [
  'test/infra/**/*.test.ts',
  'test/cli/**/*.test.ts',
  'test/local/**/*.test.ts',
  'test/lab/{faults,soak}/**/*.test.ts',
  'test/{content,contracts,docs}/**/*.test.ts',
  'packages/*/test/**/*.test.ts',
];
/** Those that run a whole stage on this machine, or start another program, do not. */
const apart = [
  'test/infra/{deploy-sequence,kept-delivery,new-kind,settings-file,settings-in-an-editor,taken-stream,whole-day}.test.ts',
  'test/infra/monitoring/notifications.test.ts',
  'test/local/mosaic.test.ts',
  'test/local/run/{end-to-end,every-kind,story,unjournaled}.test.ts',
  'test/lab/soak/load/simulate-load.test.ts',
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
          exclude: [...elsewhere, ...apart],
          isolate: false,
        },
      },
      {
        extends: true,
        test: { name: 'apart', include: apart, exclude: elsewhere },
      },
      {
        extends: true,
        test: {
          name: 'rest',
          include: ['test/**/*.test.ts'],
          exclude: [...elsewhere, ...sharing],
        },
      },
    ],
  },
});
