import {
  type CloudFormationClient,
  CloudFormationServiceException,
  DescribeStackResourceCommand,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import type { StackResources } from '../ports.ts';

/**
 * Asks CloudFormation about a stack and its resources.
 * @see CloudFormation API reference, "DescribeStackResource" and "DescribeStacks"
 */
export function createStackResources(client: CloudFormationClient): StackResources {
  return {
    async physicalIdOf({ stackId, logicalId }) {
      const asked = new DescribeStackResourceCommand({ StackName: stackId, LogicalResourceId: logicalId });
      try {
        const { StackResourceDetail: found } = await client.send(asked);
        // A resource that an update has let go of, whether it was kept or deleted, may still be listed.
        if (found?.ResourceStatus?.startsWith('DELETE_') === true) return undefined;
        return found?.PhysicalResourceId;
      } catch (error) {
        if (isUnknown(error)) return undefined;
        throw error;
      }
    },

    async isRollingBack(stackId) {
      const { Stacks: [stack] = [] } = await client.send(new DescribeStacksCommand({ StackName: stackId }));
      return stack?.StackStatus?.includes('ROLLBACK') === true;
    },
  };
}

/** CloudFormation has one code for everything that is wrong with a request, and tells a missing resource by its text. */
function isUnknown(error: unknown): boolean {
  return (
    error instanceof CloudFormationServiceException &&
    error.name === 'ValidationError' &&
    /^Resource .+ does not exist/.test(error.message)
  );
}
