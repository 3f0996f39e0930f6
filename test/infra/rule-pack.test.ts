import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Aspects, CfnResource, type IAspect } from 'aws-cdk-lib';
import { expect, test } from 'vitest';
import { stageApp } from '../../infra/stage-app.ts';
import { inFolder, stageOf, stageSettings, unbundled } from './synthesized.ts';

test.each(['customer-managed', 'aws-owned'] as const)('a stage with %s keys has no finding', (encryption) => {
  inFolder((outdir) => {
    const app = stageApp(stageOf(stageSettings({ encryption })), { context: unbundled, outdir });
    expect(() => app.synth()).not.toThrow();
  });
});

test.each(['security-lake', 'arn:aws:s3:::security-lake'])(
  'a destination with the bucket %s has no finding',
  (bucket) => {
    inFolder((outdir) => {
      const destinations = [{ kind: 's3', bucket } as const];
      const settings = stageSettings({ streams: [{ id: 'one', type: 'cis', destinations }] });
      expect(() => stageApp(stageOf(settings), { context: unbundled, outdir }).synth()).not.toThrow();
    });
  },
);

/** Each takes one safeguard away, to see that the rules really look. */
const safeguards: readonly (readonly [string, string, string])[] = [
  ['AWS::S3::BucketPolicy', 'PolicyDocument', 'S10'],
  ['AWS::S3::Bucket', 'LoggingConfiguration', 'S1'],
  ['AWS::SQS::QueuePolicy', 'PolicyDocument', 'SQS4'],
  ['AWS::KMS::Key', 'EnableKeyRotation', 'KMS5'],
  ['AWS::DynamoDB::Table', 'PointInTimeRecoverySpecification', 'DDB3'],
  ['AWS::KinesisFirehose::DeliveryStream', 'DeliveryStreamEncryptionConfigurationInput', 'KDF1'],
  ['AWS::Lambda::Function', 'DeadLetterConfig', 'SQS3'],
];

test.each(safeguards)('without %s %s the synth fails', (type, property, rule) => {
  inFolder((outdir) => {
    const app = stageApp(stageOf(stageSettings()), { context: unbundled, outdir });
    Aspects.of(app).add(without(type, property));
    expect(() => app.synth()).toThrow();
    const report = readFileSync(join(outdir, 'validation-report.json'), 'utf8');
    expect(report).toContain(`AwsSolutions-${rule}`);
  });
});

function without(type: string, property: string): IAspect {
  return {
    visit(node) {
      if (!CfnResource.isCfnResource(node) || node.cfnResourceType !== type) return;
      node.addPropertyDeletionOverride(property);
      // The rules look at the construct, and not at overrides.
      const key = `${property.charAt(0).toLowerCase()}${property.slice(1)}`;
      Object.assign(node, { [key]: property === 'PolicyDocument' ? { Statement: [] } : undefined });
    },
  };
}
