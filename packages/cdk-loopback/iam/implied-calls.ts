import type { DeployedResource, Deployment } from '../aws/cloudformation/deployment.ts';
import type { RequestContext } from './policy.ts';
import { namedBy } from './resource-arn.ts';

/** A call that a service makes of KMS in its caller's name. */
export interface ImpliedCall {
  readonly action: string;
  readonly resource: string;
  readonly context: RequestContext;
}

export interface CallOnResource {
  readonly action: string;
  readonly resource: string;
}

/**
 * The calls on a customer-managed key that a call on an encrypted resource implies.
 *
 * Keys that AWS owns or manages for a service need no permission of the caller, and neither does putting to an
 * encrypted delivery stream, which works by a grant.
 *
 * @param foreignKeys the customer-managed keys of resources that are not in the template, by the resource's ARN
 * @see S3 user guide, "Specifying server-side encryption with AWS KMS"; SQS developer guide, "Key management";
 * DynamoDB developer guide, "DynamoDB encryption at rest: how it works"; Secrets Manager user guide, "Secret
 * encryption and decryption"; SNS developer guide, "Key management"
 */
export function impliedCalls(
  call: CallOnResource,
  deployment: Deployment,
  foreignKeys: Readonly<Record<string, string>> = {},
): readonly ImpliedCall[] {
  const actions = keyActions[call.action];
  if (actions === undefined) return [];
  const key = keyOf(call.resource, deployment) ?? foreignKeys[call.resource];
  if (key === undefined) return [];
  const service = call.action.split(':')[0]!;
  return actions.map((action) => ({
    action,
    resource: key,
    context: {
      'kms:ViaService': `${service}.${deployment.region}.amazonaws.com`,
      'kms:CallerAccount': deployment.accountId,
    },
  }));
}

const write = ['kms:GenerateDataKey', 'kms:Decrypt'];
const read = ['kms:Decrypt'];

/** Reads and writes of data. A multipart upload, which is a PutObject to IAM, decrypts its own parts. */
const keyActions: Readonly<Record<string, readonly string[]>> = {
  's3:PutObject': write,
  's3:GetObject': read,
  'sqs:SendMessage': write,
  'sqs:ReceiveMessage': read,
  'sns:Publish': write,
  'secretsmanager:GetSecretValue': read,
  // The table's key is decrypted in the name of whoever calls, and then kept for some minutes.
  ...Object.fromEntries(
    ['BatchGetItem', 'BatchWriteItem', 'DeleteItem', 'GetItem', 'PutItem', 'Query', 'Scan', 'UpdateItem'].map(
      (operation) => [`dynamodb:${operation}`, read],
    ),
  ),
};

/** ARN of the customer-managed key, or undefined where AWS owns or manages it. */
function keyOf(resource: string, deployment: Deployment): string | undefined {
  for (const type of Object.keys(keyProperty)) {
    const owner = deployment
      .byType(type)
      .find(({ arn }) => arn !== undefined && (resource === arn || resource.startsWith(`${arn}/`)));
    if (owner !== undefined) return keyArn(keyProperty[type]!(owner.properties), deployment);
  }
  return undefined;
}

/** Where each type names its key. */
const keyProperty: Readonly<Record<string, (properties: DeployedResource['properties']) => unknown>> = {
  'AWS::S3::Bucket': ({ BucketEncryption: encryption }) =>
    at(encryption, 'ServerSideEncryptionConfiguration', 0, 'ServerSideEncryptionByDefault', 'KMSMasterKeyID'),
  'AWS::SQS::Queue': ({ KmsMasterKeyId: key }) => key,
  'AWS::SNS::Topic': ({ KmsMasterKeyId: key }) => key,
  'AWS::DynamoDB::Table': ({ SSESpecification: encryption }) => at(encryption, 'KMSMasterKeyId'),
  'AWS::SecretsManager::Secret': ({ KmsKeyId: key }) => key,
};

function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (inner, step) => (inner as Readonly<Record<string | number, unknown>> | undefined)?.[step],
    value,
  );
}

/** A key may be named by ARN or by id; `alias/aws/…` is AWS's own. */
function keyArn(name: unknown, deployment: Deployment): string | undefined {
  if (name === undefined || String(name).includes('alias/aws/')) return undefined;
  const key = namedBy(deployment.byType('AWS::KMS::Key'), name)?.arn ?? name;
  if (typeof key === 'string' && key.startsWith('arn:')) return key;
  throw new Error(`the template has no key ${JSON.stringify(name)}`);
}
