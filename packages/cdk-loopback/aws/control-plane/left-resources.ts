import type { DeployedResource, Deployment } from '../cloudformation/deployment.ts';

/**
 * Resources that have left their stack and exist for their policies' sake. They alone can be deleted by a call: a
 * resource of the stack is CloudFormation's to delete here.
 */
export interface LeftResources {
  /** Finds one that is there, of the stack or left by it. */
  find(matches: Matches): DeployedResource | undefined;
  /** Lists those that are there, of the stack or left by it. */
  list(matches: Matches): readonly DeployedResource[];
  /** Deletes those that match, the last made first. @throws {ResourceOfStack} where the stack has one that matches */
  delete(matches: Matches): Promise<readonly DeployedResource[]>;
}

export type Matches = (resource: DeployedResource) => boolean;

/** A call that would delete a resource under CloudFormation's hands. */
export class ResourceOfStack extends Error {
  constructor({ logicalId }: DeployedResource, { stackName }: Deployment) {
    super(`${logicalId} belongs to ${stackName}; only what has left a stack can be deleted here`);
    this.name = 'ResourceOfStack';
  }
}
