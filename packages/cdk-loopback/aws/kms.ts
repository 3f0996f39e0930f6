/**
 * A stand-in for AWS Key Management Service, written here: DescribeKey and GetKeyPolicy, of the keys of the deployment and
 * of those that were put here. It encrypts nothing.
 * @see https://docs.aws.amazon.com/kms/latest/APIReference/API_DescribeKey.html
 */
import type { ServiceStandIn } from './aws-call.ts';
import { errorAnswer, jsonAnswer } from './aws-error.ts';
import type { Deployment } from './cloudformation/deployment.ts';

export interface KmsStandIn extends ServiceStandIn {
  /** A key that is in no template. @param arn its ARN */
  put(arn: string, key: KeyDescription): void;
}

export interface KeyDescription {
  /** `Enabled`, `Disabled`, `PendingDeletion`. */
  readonly state: string;
  /** The policy, as JSON has it. */
  readonly policy: unknown;
}

export function createKms({ deployment }: { readonly deployment: () => Deployment }): KmsStandIn {
  const others = new Map<string, KeyDescription>();
  const find = (id: string): (KeyDescription & { readonly arn: string }) | undefined => {
    const own = [...deployment().byType('AWS::KMS::Key'), ...deployment().kept].map(
      ({ arn = '', type, properties }) =>
        type === 'AWS::KMS::Key' ? { arn, state: 'Enabled', policy: properties.KeyPolicy } : undefined,
    );
    const put = [...others].map(([arn, key]) => ({ arn, ...key }));
    return [...own, ...put].find(
      (key) => key !== undefined && (key.arn === id || key.arn.endsWith(`/${id}`)),
    );
  };
  return {
    service: 'kms',
    operations: new Set(['DescribeKey', 'GetKeyPolicy']),
    async handle({ operation, input }) {
      const key = find(String(input.KeyId));
      if (key === undefined) {
        const message = `Key '${String(input.KeyId)}' does not exist`;
        return errorAnswer('kms', { status: 400, code: 'NotFoundException', message });
      }
      if (operation === 'GetKeyPolicy')
        return jsonAnswer({ Policy: JSON.stringify(key.policy), PolicyName: 'default' });
      const { arn, state } = key;
      const [, , , , account, name = ''] = arn.split(':');
      return jsonAnswer({
        KeyMetadata: {
          AWSAccountId: account,
          KeyId: name.slice('key/'.length),
          Arn: arn,
          KeyState: state,
          KeyManager: 'CUSTOMER',
          Enabled: state === 'Enabled',
        },
      });
    },
    resourceOf: ({ input, resource }) => find(String(input.KeyId))?.arn ?? resource,
    put: (arn, key) => void others.set(arn, key),
  };
}
