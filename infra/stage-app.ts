import { App, type AppProps, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { Stage } from './config/settings.ts';
import { RelayStack } from './relay-stack.ts';

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
    context: { '@aws-cdk/core:validateAgainstDefaultRules': true, ...context },
  };
}

/** Puts the stage's stack and the rule pack into an app. */
export function addStage(app: App, stage: Stage): RelayStack {
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  return new RelayStack(app, stage);
}
