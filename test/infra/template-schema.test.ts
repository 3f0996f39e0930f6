import { Aspects, CfnResource } from 'aws-cdk-lib';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { chooseStage } from '../../infra/config/choose-stage.ts';
import type { Stage } from '../../infra/config/settings.ts';
import { stages } from '../../infra/config/stages.ts';
import { stageApp } from '../../infra/stage-app.ts';
import { checkTemplate } from './check-template.ts';
import { everySort, quietViews } from './monitoring/monitored.ts';
import {
  inFolder,
  stageOf,
  stageSettings,
  type Template,
  templateOf,
  templatesOf,
  unbundled,
} from './synthesized.ts';

const nested = Object.keys(stages).flatMap((name) => [...templatesOf(shippedStage(name))]);

describe('the template', () => {
  test.each(nested)('%s is what the schemas of its resource types allow', (_, template) => {
    expect(checkTemplate(template)).toEqual([]);
  });

  test.each(fullStages())(
    '%s of a stage in which everything is on is, too, with %s keys',
    (_, __, template) => {
      expect(checkTemplate(template)).toEqual([]);
    },
  );
});

describe('the synth itself', () => {
  afterEach(() => vi.unstubAllEnvs());

  test('refuses what the schemas do not allow', () => {
    vi.stubEnv('CDK_VALIDATION', undefined);
    inFolder((outdir) => {
      const app = stageApp(stageOf(stageSettings()), { context: unbundled, outdir });
      Aspects.of(app).add({
        visit(node) {
          if (CfnResource.isCfnResource(node) && node.cfnResourceType === 'AWS::Scheduler::Schedule')
            node.addPropertyOverride('Name', 'a b');
        },
      });

      expect(() => app.synth()).toThrow(/Name/);
    });
  });
});

describe('the check notices', () => {
  const sound = templateOf(stageOf(stageSettings()));

  test.each<Fault>([
    ['a property that does not exist', lambda, (it) => put(it, 'Timout', 60)],
    ['one that does not exist, further in', delivery, (it) => put(it, `${s3}.BufferingHint`, {})],
    ['a required property that is missing', lambda, (it) => put(it, 'Role', undefined)],
    [
      'one that is missing, further in',
      'AWS::Scheduler::Schedule',
      (it) => put(it, 'Target.RoleArn', undefined),
    ],
    ['text where a number belongs', lambda, (it) => put(it, 'MemorySize', 'much')],
    ['text where a truth value belongs', 'AWS::KMS::Key', (it) => put(it, 'EnableKeyRotation', 'yes')],
    ['one where a list belongs', 'AWS::DynamoDB::Table', (it) => put(it, 'KeySchema', 'stream')],
    ['a value that is not among those allowed', delivery, (it) => put(it, `${s3}.CompressionFormat`, 'gzip')],
    [
      'a number that is not among those allowed',
      'AWS::Logs::LogGroup',
      (it) => put(it, 'RetentionInDays', 8),
    ],
    ['a number below its range', invocations, (it) => put(it, 'MaximumEventAgeInSeconds', 59)],
    ['a number above its range', delivery, (it) => put(it, `${s3}.BufferingHints.SizeInMBs`, 129)],
    ['text that has another pattern', 'AWS::Scheduler::Schedule', (it) => put(it, 'Name', 'a b')],
    ['a reference to nothing', 'AWS::S3::BucketPolicy', (it) => put(it, 'Bucket', { Ref: 'Nothing' })],
  ])('%s', (_, type, plant) => {
    const template = structuredClone(sound);
    const [logicalId, resource] = Object.entries(template.Resources).find(([, { Type }]) => Type === type)!;

    plant(resource.Properties);
    const problems = checkTemplate(template);

    expect(problems.length).toBeGreaterThan(0);
    expect(problems.every((problem) => problem.startsWith(logicalId))).toBe(true);
  });

  test('a resource type that does not exist', () => {
    const problems = checkTemplate({ Resources: { Wrong: { Type: 'AWS::Lambda::Funktion' } } });

    expect(problems).toEqual([expect.stringMatching(/^Wrong: .*AWS::Lambda::Funktion/)]);
  });
});

type Properties = Record<string, unknown>;
type Fault = readonly [says: string, type: string, plant: (properties: Properties) => void];

const lambda = 'AWS::Lambda::Function';
const delivery = 'AWS::KinesisFirehose::DeliveryStream';
const invocations = 'AWS::Lambda::EventInvokeConfig';
const s3 = 'ExtendedS3DestinationConfiguration';

/** Sets what a path of names leads to; undefined takes it out. */
function put(properties: Properties, path: string, value: unknown): void {
  const names = path.split('.');
  const last = names.pop()!;
  const owner = names.reduce((inner, name) => inner[name] as Properties, properties);
  if (value === undefined) delete owner[last];
  else owner[last] = value;
}

/** Templates of stages that have what each setting makes, by file. */
function fullStages(): readonly (readonly [file: string, encryption: string, template: Template])[] {
  const account = '111122223333';
  return (['customer-managed', 'aws-owned'] as const).flatMap((encryption) => {
    const settings = stageSettings({
      region: 'eu-west-1',
      account,
      encryption,
      journalReaders: [`arn:aws:iam::${account}:role/reader`],
      alarms: { subscriptions: [{ protocol: 'email', endpoint: 'soc@acme.test' }] },
      tags: { owner: 'team' },
      views: quietViews,
      streams: [
        { id: 'one', type: 'cis', destinations: everySort, reservedConcurrency: 2, witness: 'recover' },
        { id: 'two', type: 'risk', cron: '0 6 ? * MON-FRI *', witness: 'detect', adopt: true },
      ],
    });
    return [...templatesOf(stageOf(settings))].map(
      ([file, template]) => [file, encryption, template] as const,
    );
  });
}

function shippedStage(name: string): Stage {
  const chosen = chooseStage(stages, name);
  if ('problems' in chosen) throw new Error(chosen.problems.join('\n'));
  return chosen.stage;
}
