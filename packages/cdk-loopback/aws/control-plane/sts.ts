/**
 * A stand-in for AWS Security Token Service, written here: GetCallerIdentity only.
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
 */
import type { ServiceStandIn } from '../aws-call.ts';
import type { Identities } from '../identities.ts';
import { queryAnswer } from './query-protocol.ts';

export function createSts(options: {
  readonly accountId: string;
  readonly identities: Identities;
}): ServiceStandIn {
  const { accountId, identities } = options;
  return {
    service: 'sts',
    operations: new Set(['GetCallerIdentity']),
    async handle({ accessKeyId, operation }) {
      const roleArn = identities.roleOf(accessKeyId);
      const name = roleArn?.slice(roleArn.lastIndexOf('/') + 1) ?? 'local-operator';
      const arn = `arn:aws:sts::${accountId}:assumed-role/${name}/local`;
      return queryAnswer(operation, { Arn: arn, UserId: `${accessKeyId}:local`, Account: accountId });
    },
  };
}
