import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import type { DeployedRelay } from '../access/deployed-relay.ts';
import { CommandError } from '../command.ts';

/**
 * Asks how the stage's stack is. A deploy or a rollback under way, and a rollback that failed, may bring back a delivery
 * stream that looks like one that has left.
 *
 * @throws {CommandError} where the stack is not at rest, or there is none
 */
export async function refuseWhileDeploying({
  connection,
  stackName,
  place,
}: Pick<DeployedRelay, 'connection' | 'stackName' | 'place'>): Promise<void> {
  const client = new CloudFormationClient(connection);
  try {
    const { Stacks: [stack] = [] } = await client.send(new DescribeStacksCommand({ StackName: stackName }));
    const status = String(stack?.StackStatus);
    if (status.endsWith('_IN_PROGRESS') || status.endsWith('ROLLBACK_FAILED'))
      throw new CommandError(
        `${place} is ${status}, which may bring a delivery stream back, so nothing was deleted; say it again when the deploy or rollback is over`,
        1,
      );
  } finally {
    client.destroy();
  }
}
