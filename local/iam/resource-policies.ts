import type { DeployedResource, Deployment } from '../aws/cloudformation/deployment.ts';
import type { Policy } from './policy.ts';
import { list } from './policy-json.ts';
import { readPolicy } from './read-policy.ts';
import { arnOf, namedBy } from './resource-arn.ts';

/**
 * The policies of each resource that has some, by its ARN; a role's is its trust policy.
 *
 * @throws for a resource that carries a policy and is of a type not read here
 */
export function resourcePolicies(
  resources: readonly DeployedResource[],
  account: Pick<Deployment, 'accountId'>,
): ReadonlyMap<string, readonly Policy[]> {
  const policies = new Map<string, Policy[]>();
  for (const resource of resources) {
    for (const { owner, policy } of policiesOf(resource, resources, account)) {
      policies.set(owner, [...(policies.get(owner) ?? []), policy]);
    }
  }
  return policies;
}

interface Attached {
  readonly owner: string;
  readonly policy: Policy;
}

function policiesOf(
  resource: DeployedResource,
  resources: readonly DeployedResource[],
  account: Pick<Deployment, 'accountId'>,
): readonly Attached[] {
  const { properties, logicalId, type } = resource;
  const read = (document: unknown, owner: string): Attached => ({
    owner,
    policy: readPolicy(document, logicalId, 'resource'),
  });
  const onNamed = (names: unknown, document: unknown) =>
    list(names).map((name) => read(document, ownerOf(name, resource, resources)));
  switch (type) {
    case 'AWS::IAM::Role':
      return [
        {
          owner: arnOf(resource),
          policy: readPolicy(properties.AssumeRolePolicyDocument, `${logicalId} trust`, 'trust'),
        },
      ];
    case 'AWS::KMS::Key':
      return [read(properties.KeyPolicy, arnOf(resource))];
    case 'AWS::S3::BucketPolicy':
      return onNamed(properties.Bucket, properties.PolicyDocument);
    case 'AWS::SQS::QueuePolicy':
      return onNamed(properties.Queues, properties.PolicyDocument);
    case 'AWS::SNS::TopicPolicy':
      return onNamed(properties.Topics, properties.PolicyDocument);
    case 'AWS::SecretsManager::ResourcePolicy':
      return onNamed(properties.SecretId, properties.ResourcePolicy);
    case 'AWS::Lambda::Permission':
      return [
        read(permissionAsPolicy(resource, account), ownerOf(properties.FunctionName, resource, resources)),
      ];
    case 'AWS::DynamoDB::Table':
      return tablePolicies(resource);
    case 'AWS::IAM::Policy':
    case 'AWS::IAM::RolePolicy':
    case 'AWS::IAM::ManagedPolicy':
      return [];
    default:
      if (hasStatements(properties)) throw new Error(`${logicalId} (${type}): its policy is not read here`);
      return [];
  }
}

function ownerOf(name: unknown, resource: DeployedResource, resources: readonly DeployedResource[]): string {
  const owner = namedBy(resources, name);
  if (owner !== undefined) return arnOf(owner);
  if (typeof name === 'string' && name.startsWith('arn:')) return name;
  throw new Error(`${resource.logicalId}: the template has no ${JSON.stringify(name)} for its policy`);
}

function tablePolicies(table: DeployedResource): readonly Attached[] {
  const document = (table.properties.ResourcePolicy as { readonly PolicyDocument?: unknown } | undefined)
    ?.PolicyDocument;
  if (document === undefined) return [];
  return [{ owner: arnOf(table), policy: readPolicy(document, table.logicalId, 'resource') }];
}

/** Lambda writes the function's policy itself, from one permission after another. */
function permissionAsPolicy(
  { logicalId, properties }: DeployedResource,
  { accountId }: Pick<Deployment, 'accountId'>,
): unknown {
  const {
    Action: action,
    Principal: principal,
    SourceArn: arn,
    SourceAccount: account,
    ...others
  } = properties;
  const unknown = Object.keys(others).filter((name) => name !== 'FunctionName');
  if (unknown.length > 0) throw new Error(`${logicalId}: ${unknown.join(', ')} is not modelled here`);
  const isService = String(principal).endsWith('.amazonaws.com');
  return {
    Version: '2012-10-17',
    Statement: {
      Effect: 'Allow',
      Principal: isService ? { Service: principal } : { AWS: principal ?? accountId },
      Action: action,
      Resource: '*',
      Condition: {
        ...(arn === undefined ? {} : { ArnLike: { 'aws:SourceArn': arn } }),
        ...(account === undefined ? {} : { StringEquals: { 'aws:SourceAccount': account } }),
      },
    },
  };
}

function hasStatements(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return 'Statement' in value || Object.values(value).some(hasStatements);
}
