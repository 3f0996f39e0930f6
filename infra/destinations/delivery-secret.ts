import { Aws } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as firehose from 'aws-cdk-lib/aws-kinesisfirehose';
import { text } from '../config/fields.ts';
import type { DeliveryMeans } from './delivery-stream.ts';

/** A secret that a delivery stream or a copier reads, and its key where that is the customer's own. */
export interface DeliverySecret {
  readonly secret: string;
  readonly secretKey?: string;
}

/** A secret that Firehose reads. By complete ARN: it is the customer's own, and Firehose takes no name. */
export const secretField = text(
  /^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[A-Za-z0-9/_+=.@-]+-[A-Za-z0-9]{6}$/,
  'the complete ARN of a secret, with the six characters at its end',
);

/** A secret's ARN in examples, which are those of the stage `prod` in eu-west-1. `relay init` puts its own in their place. */
export function exampleSecret(name: string): string {
  return `arn:aws:secretsmanager:eu-west-1:111122223333:secret:mosaic-siem-relay/prod/${name}-AbCdEf`;
}

/** The key of that secret. Absent where the secret is under the account's own `aws/secretsmanager`. */
export const secretKeyField = text(
  /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[A-Za-z0-9-]+$/,
  "a key's ARN, not an alias",
).optional();

/** The ARNs of both, by their setting, for checks of region and partition. */
export function secretsOf({
  secret,
  secretKey,
}: DeliverySecret): readonly { readonly path: string; readonly arn: string }[] {
  return [
    { path: 'secret', arn: secret },
    ...(secretKey === undefined ? [] : [{ path: 'secretKey', arn: secretKey }]),
  ];
}

/** The statements that a role needs to read the secret. The key's own policy must leave its use to the account's policies. */
export function mayReadSecret({ secret, secretKey }: DeliverySecret): readonly iam.PolicyStatement[] {
  return [
    new iam.PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources: [secret] }),
    ...(secretKey === undefined ? [] : [decryptSecret(secretKey)]),
  ];
}

/** The statement that a role needs of a secret's key, through Secrets Manager alone. */
export function decryptSecret(secretKey: string): iam.PolicyStatement {
  return new iam.PolicyStatement({
    actions: ['kms:Decrypt'],
    resources: [secretKey],
    conditions: { StringEquals: { 'kms:ViaService': `secretsmanager.${Aws.REGION}.amazonaws.com` } },
  });
}

export function secretsManager(
  secret: string,
  { role }: DeliveryMeans,
): firehose.CfnDeliveryStream.SecretsManagerConfigurationProperty {
  return { enabled: true, roleArn: role.roleArn, secretArn: secret };
}
