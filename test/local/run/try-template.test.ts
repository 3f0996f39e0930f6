import type { Template } from '@mosaic-relay/cdk-loopback';
import { describe, expect, test } from 'vitest';
import { collectorsOf, mosaicOriginsOf } from '../../../local/run/stack-template.ts';
import { tryTemplate } from '../../../local/run/try-template.ts';

const template: Template = {
  Resources: {
    Cis: collector({
      STREAM_NAME: 'cis',
      STREAM_ID: 'relay-cis',
      STREAM_TYPE: 'cis',
      PULL_URL: 'https://b.example/p?x=1',
    }),
    Risk: collector({ STREAM_NAME: 'risk', STREAM_ID: 'relay-risk', STREAM_TYPE: 'risk' }),
    Lifecycle: {
      Type: 'AWS::Lambda::Function',
      Properties: { Environment: { Variables: { MOSAIC_URL: 'https://a.example' } } },
    },
    MosaicStream: { Type: 'Custom::MosaicStream' },
    Schedule: { Type: 'AWS::Scheduler::Schedule', DependsOn: ['Cis', 'MosaicStream'] },
    Delivery: {
      Type: 'AWS::KinesisFirehose::DeliveryStream',
      Properties: {
        DeliveryStreamType: 'DirectPut',
        ExtendedS3DestinationConfiguration: {
          Prefix: 'p',
          BufferingHints: { SizeInMBs: 64, IntervalInSeconds: 60 },
        },
      },
    },
  },
};

describe('what a template says of Mosaic', () => {
  test('is its collectors', () => {
    expect(collectorsOf(template)).toMatchObject([
      { logicalId: 'Cis', name: 'cis', id: 'relay-cis', type: 'cis', pullUrl: 'https://b.example/p?x=1' },
      { logicalId: 'Risk', name: 'risk', id: 'relay-risk', type: 'risk', secretId: 's' },
    ]);
  });

  test('is every host that a function calls', () => {
    expect(mosaicOriginsOf(template)).toEqual(['https://a.example', 'https://b.example']);
  });
});

describe('the template of a trial', () => {
  const trial = tryTemplate(template, {
    collectors: [{ logicalId: 'Cis', id: 'relay-try-1' }],
    forMs: 60_000,
  });

  test('reads the trial’s stream, and neither a pull URL nor a reopened stream', () => {
    expect(trial.Resources.Cis?.Properties?.Environment).toEqual({
      Variables: {
        STREAM_NAME: 'cis',
        STREAM_ID: 'relay-try-1',
        STREAM_TYPE: 'cis',
        SECRET_ID: 's',
        MOSAIC_API_VERSION: 'v1',
        MOSAIC_URL: 'https://a.example',
        AUTO_REOPEN: 'false',
        TIMEOUT_SECONDS: '160',
      },
    });
    expect(trial.Resources.Cis?.Properties?.Timeout).toBe(160);
  });

  test('opens and deletes no stream of the stage', () => {
    expect(trial.Resources.MosaicStream).toBeUndefined();
    expect(trial.Resources.Schedule?.DependsOn).toEqual(['Cis']);
  });

  test('delivers at once', () => {
    expect(trial.Resources.Delivery?.Properties).toEqual({
      DeliveryStreamType: 'DirectPut',
      ExtendedS3DestinationConfiguration: {
        Prefix: 'p',
        BufferingHints: { SizeInMBs: 64, IntervalInSeconds: 1 },
      },
    });
  });

  test('leaves everything else as it is', () => {
    expect(trial.Resources.Risk).toEqual(template.Resources.Risk);
    expect(trial.Resources.Lifecycle).toEqual(template.Resources.Lifecycle);
  });
});

function collector(variables: Record<string, string>) {
  return {
    Type: 'AWS::Lambda::Function',
    Properties: {
      Timeout: 300,
      Environment: {
        Variables: {
          ...variables,
          SECRET_ID: 's',
          MOSAIC_API_VERSION: 'v1',
          MOSAIC_URL: 'https://a.example',
          TIMEOUT_SECONDS: '300',
        },
      },
    },
  };
}
