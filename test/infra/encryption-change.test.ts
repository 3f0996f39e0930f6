import { describe, expect, test } from 'vitest';
import type { StageSettings } from '../../infra/config/settings.ts';
import { type Resource, resourcesOf, stageOf, stageSettings, templateOf } from './synthesized.ts';

const provider =
  '//iam.googleapis.com/projects/123/locations/global/workloadIdentityPools/mosaic-relay/providers/aws-relay';

function templateWith(changes: Partial<StageSettings>) {
  const streams = [
    { id: 'one', type: 'cis', destinations: [{ kind: 's3' }, { kind: 'gcs', bucket: 'events', provider }] },
  ] as const;
  return templateOf(
    stageOf(
      stageSettings({ streams, journalReaders: ['arn:aws:iam::444455556666:role/reader'], ...changes }),
    ),
  );
}

describe('leaving customer-managed keys', () => {
  const before = templateWith({ encryption: 'customer-managed', keepData: false });
  const after = templateWith({ encryption: 'aws-owned', keepData: false });
  const [[, key] = []] = resourcesOf(before, 'AWS::KMS::Key') as [string, Resource][];

  test('orphans the key, and destroys it with no setting', () => {
    expect(resourcesOf(after, 'AWS::KMS::Key')).toEqual([]);
    expect(key).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
  });

  test('leaves every role able to decrypt what the old key encrypted, by the policy that the key keeps', () => {
    const statement = key?.Properties.KeyPolicy.Statement.find(
      ({ Sid }: { readonly Sid: string }) => Sid === 'RolesOfTheStack',
    );
    expect(statement.Action).toEqual(['kms:Decrypt', 'kms:GenerateDataKey']);
    const { 'aws:PrincipalTag/RelayStack': tagged, ...others } = statement.Condition.StringEquals;
    expect(others['kms:CallerAccount']).toEqual({ Ref: 'AWS::AccountId' });
    expect(JSON.stringify(others['kms:ViaService'])).toMatch(/s3\..*sqs\..*dynamodb\./);
    const roles = resourcesOf(after, 'AWS::IAM::Role');
    expect(roles.length).toBeGreaterThan(5);
    for (const [, { Properties }] of roles)
      expect(Properties.Tags).toContainEqual({ Key: 'RelayStack', Value: tagged });
  });

  test('changes nothing of what that policy lets whoever has no role of the stack do', () => {
    const open = key?.Properties.KeyPolicy.Statement.filter(
      ({ Principal }: { readonly Principal: { readonly AWS?: unknown } }) => Principal.AWS === '*',
    );
    expect(open).toHaveLength(1);
    expect(open[0].Condition.StringEquals['aws:PrincipalTag/RelayStack']).toBe('mosaic-relay-test');
  });
});
