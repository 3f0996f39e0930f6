import * as iam from 'aws-cdk-lib/aws-iam';
import type * as firehose from 'aws-cdk-lib/aws-kinesisfirehose';
import { text } from '../config/fields.ts';
import type { DeliveryMeans } from './delivery-stream.ts';

/** A secret that Firehose reads. By complete ARN: it is the customer's own, and Firehose takes no name. */
export const secretField = text(
  /^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[A-Za-z0-9/_+=.@-]+-[A-Za-z0-9]{6}$/,
  'the complete ARN of a secret, with the six characters at its end',
);

export function mayReadSecret(secret: string): iam.PolicyStatement {
  return new iam.PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources: [secret] });
}

export function secretsManager(
  secret: string,
  { role }: DeliveryMeans,
): firehose.CfnDeliveryStream.SecretsManagerConfigurationProperty {
  return { enabled: true, roleArn: role.roleArn, secretArn: secret };
}
