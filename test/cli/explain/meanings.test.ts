import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { explain, meanings } from '../../../cli/explain/explain.ts';
import { stages } from '../../../infra/config/stages.ts';
import { everySort, quietViews } from '../../infra/monitoring/monitored.ts';
import { stageOf, stageSettings, templatesOf } from '../../infra/synthesized.ts';
import { everyKind } from '../../local/run/every-kind.ts';

/** Types of earlier versions, which an upgrade removes. */
const ofEarlierVersions = ['AWS::CloudWatch::CompositeAlarm'];

test('every type of resource that a template has is explained, and no other', () => {
  const full = stageSettings({
    alarms: { subscriptions: [{ protocol: 'email', endpoint: 'soc@acme.test' }] },
    journalReaders: ['arn:aws:iam::111122223333:role/reader'],
    views: quietViews,
    streams: [
      { id: 'one', type: 'cis', destinations: everySort, reservedConcurrency: 2, witness: 'recover' },
    ],
  });
  const all = [...Object.values(stages), everyKind, full].flatMap((stage) => [
    ...templatesOf(stageOf(stage)).values(),
  ]);
  const types = all.flatMap(({ Resources }) => Object.values(Resources).map(({ Type }) => Type));

  expect(Object.keys(meanings).sort()).toEqual([...new Set([...types, ...ofEarlierVersions])].sort());
});

test("what replaces a resource is what CloudFormation's own description says", () => {
  const described = describedTypes();
  const own = Object.entries(meanings).filter(([type]) => type.startsWith('AWS::'));

  expect(Object.fromEntries(own.map(([type, { replacedBy }]) => [type, replacedBy.toSorted()]))).toEqual(
    Object.fromEntries(own.map(([type]) => [type, described.get(type)])),
  );
});

describe('of every type', () => {
  const actions = ['added', 'removed', 'replaced', 'perhaps replaced', 'changed'] as const;

  test.each(Object.keys(meanings))('%s has a sentence for whatever happens to it', (type) => {
    for (const action of actions) {
      for (const kept of [true, false]) {
        const [finding] = explain([{ action, type, kept, name: 'a', properties: ['Anything'] }]);
        expect(finding?.says).toMatch(/^\w.{10,}[^.]$/);
      }
    }
  });

  test.each([
    'AWS::DynamoDB::Table',
    'AWS::S3::Bucket',
    'AWS::KMS::Key',
    'AWS::KinesisFirehose::DeliveryStream',
  ])('%s is data, replaced, perhaps replaced, or deleted', (type) => {
    const found = explain(
      (['replaced', 'perhaps replaced', 'removed'] as const).map((action) => ({
        ...{ action, type, kept: false, name: 'a', properties: [] },
      })),
    );
    expect(found.map(({ level }) => level)).toEqual(['data', 'data', 'data']);
  });
});

/** The database of resource types that the CDK's command line compares templates by, read as it is. */
function describedTypes(): ReadonlyMap<string, readonly string[]> {
  const file = join(import.meta.dirname, '../../../node_modules/aws-cdk/db.json.gz');
  const types = new Map<string, readonly string[]>();
  const look = (value: unknown, depth: number): void => {
    if (typeof value !== 'object' || value === null || depth > 8) return;
    const { cloudFormationType: type, properties } = value as {
      readonly cloudFormationType?: string;
      readonly properties?: Readonly<Record<string, { readonly causesReplacement?: string }>>;
    };
    if (type !== undefined && properties !== undefined) {
      const replacing = Object.entries(properties).filter(
        ([, { causesReplacement: it = 'no' }]) => it !== 'no',
      );
      types.set(type, replacing.map(([name]) => name).sort());
    } else for (const each of Object.values(value)) look(each, depth + 1);
  };
  look(JSON.parse(gunzipSync(readFileSync(file)).toString()), 0);
  return types;
}
