import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chooseStage } from '../../infra/config/choose-stage.ts';
import type { StageSettings } from '../../infra/config/settings.ts';
import type { functionNames } from '../../infra/constructs/function-bundle.ts';
import { stageApp } from '../../infra/stage-app.ts';

/** The variables of one function of each kind, as a template gives them, beside what Lambda itself sets. */
export type Environments = Readonly<Record<(typeof functionNames)[number], Readonly<Record<string, string>>>>;

/**
 * Synthesises a stage that has a function of every kind. A made-up URL stands for each value that CloudFormation
 * would fill in.
 */
export function functionEnvironments(): Environments {
  const chosen = chooseStage({ size: settings }, 'size');
  if ('problems' in chosen) throw new Error(chosen.problems.join('\n'));
  const outdir = mkdtempSync(join(tmpdir(), 'relay-size-'));
  try {
    const unbundled = { 'aws:cdk:bundling-stacks': [] };
    const template = stageApp(chosen.stage, { outdir, context: unbundled }).synth().stacks[0]
      ?.template as Template;
    const environmentWith = (variable: string) => {
      const all = Object.values(template.Resources).flatMap(({ Type, Properties }) =>
        Type === 'AWS::Lambda::Function' ? [Properties.Environment?.Variables ?? {}] : [],
      );
      return { ...ofLambda, ...filledIn(all.find((variables) => variable in variables) ?? {}) };
    };
    return {
      collector: environmentWith('SETTINGS'),
      'stream-lifecycle': environmentWith('MOSAIC_URL'),
      'object-copier': environmentWith('SINK'),
    };
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

const settings: StageSettings = {
  environment: 'sandbox',
  secret: 'relay/size',
  terminationProtection: false,
  streams: [
    {
      id: 'one',
      type: 'cis',
      destinations: [
        { kind: 's3' },
        {
          kind: 'gcs',
          bucket: 'mosaic-events',
          provider:
            '//iam.googleapis.com/projects/123/locations/global/workloadIdentityPools/mosaic-relay/providers/aws-relay',
        },
      ],
    },
  ],
};

/** @see AWS Lambda developer guide, "Defined runtime environment variables" */
const ofLambda = {
  AWS_REGION: 'eu-west-1',
  AWS_ACCESS_KEY_ID: 'ASIASIZE',
  AWS_SECRET_ACCESS_KEY: 'none',
  AWS_SESSION_TOKEN: 'none',
  AWS_LAMBDA_FUNCTION_NAME: 'size',
  TZ: ':UTC',
};

interface Template {
  readonly Resources: Readonly<
    Record<
      string,
      {
        readonly Type: string;
        readonly Properties: {
          readonly Environment?: { readonly Variables: Readonly<Record<string, unknown>> };
        };
      }
    >
  >;
}

function filledIn(variables: Readonly<Record<string, unknown>>): Record<string, string> {
  const stand = 'https://filled-in.example';
  return Object.fromEntries(
    Object.entries(variables).map(([name, value]) => {
      const parts = (value as { 'Fn::Join'?: [string, unknown[]] })['Fn::Join']?.[1] ?? [value];
      return [name, parts.map((part) => (typeof part === 'string' ? part : stand)).join('')];
    }),
  );
}
