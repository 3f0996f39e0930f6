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

/** Resources that are a policy for others: where those are named, and of which type they are. */
const policyTypes: Readonly<
  Record<string, { readonly names: string; readonly document: string; readonly owner: string }>
> = {
  'AWS::S3::BucketPolicy': { names: 'Bucket', document: 'PolicyDocument', owner: 'AWS::S3::Bucket' },
  'AWS::SQS::QueuePolicy': { names: 'Queues', document: 'PolicyDocument', owner: 'AWS::SQS::Queue' },
  'AWS::SNS::TopicPolicy': { names: 'Topics', document: 'PolicyDocument', owner: 'AWS::SNS::Topic' },
  'AWS::SecretsManager::ResourcePolicy': {
    names: 'SecretId',
    document: 'ResourcePolicy',
    owner: 'AWS::SecretsManager::Secret',
  },
};

function policiesOf(
  resource: DeployedResource,
  resources: readonly DeployedResource[],
  account: Pick<Deployment, 'accountId'>,
): readonly Attached[] {
  const { properties, logicalId, type } = resource;
  const attached = policyTypes[type];
  if (attached !== undefined) {
    const policy = readPolicy(properties[attached.document], logicalId, 'resource');
    return list(properties[attached.names]).map((name) => ({
      owner: ownerOf(name, resource, ofType(resources, attached.owner)),
      policy,
    }));
  }
  switch (type) {
    case 'AWS::IAM::Role': {
      const trust = readPolicy(properties.AssumeRolePolicyDocument, `${logicalId} trust`, 'trust');
      return [{ owner: arnOf(resource), policy: trust }];
    }
    case 'AWS::KMS::Key':
      return [{ owner: arnOf(resource), policy: readPolicy(properties.KeyPolicy, logicalId, 'resource') }];
    case 'AWS::Lambda::Permission': {
      const policy = readPolicy(permissionAsPolicy(resource, account), logicalId, 'resource');
      const functions = ofType(resources, 'AWS::Lambda::Function');
      return [{ owner: ownerOf(properties.FunctionName, resource, functions), policy }];
    }
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

/** An ARN may name a part of the resource, such as a function's alias. */
function ownerOf(
  name: unknown,
  { logicalId }: DeployedResource,
  owners: readonly DeployedResource[],
): string {
  const owner = namedBy(owners, name);
  if (owner !== undefined) return arnOf(owner);
  if (typeof name === 'string' && name.startsWith('arn:')) return name;
  throw new Error(`${logicalId}: the template has no ${JSON.stringify(name)} for its policy`);
}

function ofType(resources: readonly DeployedResource[], type: string): readonly DeployedResource[] {
  return resources.filter((resource) => resource.type === type);
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
