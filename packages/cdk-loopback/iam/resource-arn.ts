import type { DeployedResource } from '../aws/cloudformation/deployment.ts';

/** @throws for a resource that has none */
export function arnOf(resource: DeployedResource): string {
  const arn = resource.arn ?? resource.attributes.Arn;
  if (typeof arn !== 'string') throw new Error(`${resource.logicalId} (${resource.type}) has no ARN`);
  return arn;
}

/** The resource that a property names by its ARN, its `Ref` or an attribute such as a queue's URL. */
export function namedBy(resources: readonly DeployedResource[], name: unknown): DeployedResource | undefined {
  return resources.find(
    (resource) =>
      resource.arn === name ||
      resource.physicalId === name ||
      Object.values(resource.attributes).includes(name),
  );
}
