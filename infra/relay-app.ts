import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { Stage } from './config/settings.ts';
import { RelayStack } from './relay-stack.ts';

/** Behaviours of CDK that the stack counts on, here so that they hold whoever runs the app. */
const featureFlags = {
  // Access logs are granted by bucket policy: a bucket ACL cannot be set where ownership is enforced.
  '@aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy': true,
  '@aws-cdk/core:validateAgainstDefaultRules': true,
  // `stack-limits.ts` counts the resources, and says which stream to move.
  '@aws-cdk/core:stackResourceLimit': 0,
};

/** The app of one stage, with the rule pack on: a finding fails the synth. */
export function relayApp(stage: Stage, options: RelayAppOptions = {}): App {
  const app = new App({
    outdir: options.outdir,
    analyticsReporting: false,
    context: { ...featureFlags, ...options.context },
  });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  new RelayStack(app, stage);
  return app;
}

export interface RelayAppOptions {
  readonly outdir?: string;
  /** Added to what the CLI gives, such as `{'aws:cdk:bundling-stacks': []}` to leave functions unbundled. */
  readonly context?: Readonly<Record<string, unknown>>;
}
