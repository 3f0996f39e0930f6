import { App, type AppProps, Validations } from 'aws-cdk-lib';
import { CURRENT_VERSION_EXPIRED_FLAGS, FLAGS } from 'aws-cdk-lib/cx-api';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { Stage } from './config/settings.ts';
import { RelayStack, stackFlags } from './relay-stack.ts';

/** The app of one stage that has been read, with the rule pack on: a finding fails the synth. */
export function stageApp(stage: Stage, options: StageAppOptions = {}): App {
  const app = new App(appProps(options));
  addStage(app, stage);
  return app;
}

export interface StageAppOptions {
  /** The folder of the assembly. Default: the one that `cdk` names, else a temporary one. */
  readonly outdir?: string;
  /** Added to what the CLI gives, such as `{'aws:cdk:bundling-stacks': []}` to leave functions unbundled. */
  readonly context?: Readonly<Record<string, unknown>>;
}

export function appProps({ outdir, context }: StageAppOptions): AppProps {
  return {
    outdir,
    analyticsReporting: false,
    context: { ...flagsAsUnset(), '@aws-cdk/core:validateAgainstDefaultRules': true, ...context },
  };
}

/**
 * Each feature flag of the CDK with the value that it has where nobody sets it: `cdk synth` warns of flags that are
 * not set. What the context of `cdk.json` sets goes before these.
 */
function flagsAsUnset(): Readonly<Record<string, unknown>> {
  const flags = Object.entries(FLAGS).filter(([flag]) => !CURRENT_VERSION_EXPIRED_FLAGS.includes(flag));
  return {
    ...Object.fromEntries(
      flags.map(([flag, { unconfiguredBehavesLike }]) => [flag, unconfiguredBehavesLike?.v2 ?? false]),
    ),
    // A list, which false is not. The relay runs in this partition alone.
    '@aws-cdk/core:target-partitions': ['aws'],
    ...stackFlags,
  };
}

/** Puts the stage's stack and the rule pack into an app. */
export function addStage(app: App, stage: Stage): RelayStack {
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  return new RelayStack(app, stage);
}
