import { Aws } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { decryptSecret } from '../destinations/delivery-secret.ts';

/** The customer's secret with Mosaic's client id and secret. It is never created here, so it is no construct. */
export interface MosaicSecret {
  /** Name or complete ARN. */
  readonly secret: string;
  /** ARN of its key, where that is the customer's own. */
  readonly secretKey?: string;
}

/** The statements that a role needs to read the secret. */
export function readSecret({ secret, secretKey }: MosaicSecret): iam.PolicyStatement[] {
  return [
    new iam.PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources: [secretArn(secret)] }),
    ...(secretKey === undefined ? [] : [decryptSecret(secretKey)]),
  ];
}

/** Secrets Manager ends every ARN with a hyphen and six characters of its own, which a name does not tell. */
function secretArn(secret: string): string {
  if (secret.startsWith('arn:')) return secret;
  return `arn:${Aws.PARTITION}:secretsmanager:${Aws.REGION}:${Aws.ACCOUNT_ID}:secret:${secret}-??????`;
}
