/**
 * A stand-in for the API of AWS CloudFormation, written here: DescribeStackResource and DescribeStacks, over what
 * is deployed.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStackResource.html
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html
 */
import type { AwsAnswer } from '../aws-answer.ts';
import type { AwsCall, ServiceStandIn } from '../aws-call.ts';
import { errorAnswer } from '../aws-error.ts';
import type { Deployment } from '../cloudformation/deployment.ts';
import { queryAnswer } from './query-protocol.ts';

export function createCloudFormationApi(options: {
  readonly deployment: () => Deployment;
  readonly now: () => number;
}): ServiceStandIn {
  return {
    service: 'cloudformation',
    operations: new Set(['DescribeStackResource', 'DescribeStacks']),
    async handle(call): Promise<AwsAnswer> {
      const { stackName, stackId, resources, status } = options.deployment();
      const {
        Action: _,
        Version: __,
        StackName: asked,
        LogicalResourceId: logicalId,
        ...others
      } = call.input;
      const unknown = Object.keys(others);
      if (unknown.length > 0) return invalid(`${unknown.join(', ')} is not known here`);
      if (asked !== stackName && asked !== stackId) return invalid(`Stack '${String(asked)}' does not exist`);
      if (call.operation === 'DescribeStacks') {
        if (logicalId !== undefined) return invalid('LogicalResourceId is not known here');
        const at = new Date(options.now()).toISOString();
        const stack = { StackName: stackName, StackId: stackId, StackStatus: status, CreationTime: at };
        return queryAnswer(call.operation, { Stacks: [stack] });
      }
      const resource = resources.get(String(logicalId));
      if (resource === undefined)
        return invalid(`Resource ${String(logicalId)} does not exist for stack ${stackName}`);
      return queryAnswer(call.operation, {
        StackResourceDetail: {
          StackName: stackName,
          StackId: stackId,
          LogicalResourceId: resource.logicalId,
          PhysicalResourceId: resource.physicalId,
          ResourceType: resource.type,
          LastUpdatedTimestamp: new Date(options.now()).toISOString(),
          ResourceStatus: 'CREATE_COMPLETE',
        },
      });
    },
    resourceOf: ({ input }: AwsCall) => {
      const { stackName, stackId } = options.deployment();
      return input.StackName === stackName ? stackId : String(input.StackName);
    },
  };
}

function invalid(message: string): AwsAnswer {
  return errorAnswer('cloudformation', { status: 400, code: 'ValidationError', message });
}
