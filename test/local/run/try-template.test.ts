import type { Template } from '@mosaic-relay/cdk-loopback';
import { describe, expect, test } from 'vitest';
import type { CollectorSettings } from '../../../functions/collector/contract.ts';
import { collectorsOf, mosaicOriginsOf } from '../../../local/run/stack-template.ts';
import { tryTemplate } from '../../../local/run/try-template.ts';
import { toldToCollector } from '../../collector-settings.ts';

const template: Template = {
  Resources: {
    Cis: collector({ pullUrl: 'https://b.example/p?x=1' }),
    Risk: collector({ name: 'risk', id: 'relay-risk', type: 'risk' }),
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

describe('the facts about Mosaic in a template', () => {
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
        SETTINGS: settingsOf({ id: 'relay-try-1', autoReopen: false, timeout: 160 }),
        OTHER: 'as it was',
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

function collector(changes: Partial<CollectorSettings>) {
  return {
    Type: 'AWS::Lambda::Function',
    Properties: {
      Timeout: 300,
      Environment: { Variables: { SETTINGS: settingsOf(changes), OTHER: 'as it was' } },
    },
  };
}

/** The table's name is CloudFormation's to fill in. */
function settingsOf(changes: Partial<CollectorSettings>) {
  const told = toldToCollector({
    mosaicUrl: 'https://a.example',
    secret: 's',
    ...changes,
    table: 'filled-in',
  });
  const [before, after] = JSON.stringify(told).split('filled-in');
  return { 'Fn::Join': ['', [before, { Ref: 'Table' }, after]] };
}
