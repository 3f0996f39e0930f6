import type { DeployedResource } from '../aws/cloudformation/deployment.ts';
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
): ReadonlyMap<string, readonly Policy[]> {
  const policies = new Map<string, Policy[]>();
  for (const resource of resources) {
    for (const { owner, policy } of policiesOf(resource, resources)) {
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
};

function policiesOf(resource: DeployedResource, resources: readonly DeployedResource[]): readonly Attached[] {
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
    case 'AWS::DynamoDB::Table':
      return tablePolicies(resource);
    case 'AWS::IAM::Policy':
      return [];
    default:
      if (hasStatements(properties)) throw new Error(`${logicalId} (${type}): its policy is not read here`);
      return [];
  }
}

/** An ARN may name a part of the resource, such as a table's index. */
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

function hasStatements(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return 'Statement' in value || Object.values(value).some(hasStatements);
}
