/**
 * A stand-in for Amazon CloudWatch Logs, written here: DeleteLogGroup, of groups that have left their stack.
 * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DeleteLogGroup.html
 */
import type { ServiceStandIn } from '../aws-call.ts';
import { errorAnswer, jsonAnswer } from '../aws-error.ts';
import { type LeftResources, ResourceOfStack } from './left-resources.ts';

export function createLogs(left: LeftResources): ServiceStandIn {
  return {
    service: 'logs',
    operations: new Set(['DeleteLogGroup']),
    async handle({ input }) {
      const { logGroupName: name, ...others } = input;
      if (typeof name !== 'string' || Object.keys(others).length > 0)
        return refused('InvalidParameterException', 'logGroupName alone is known here.');
      try {
        const deleted = await left.delete(
          ({ type, physicalId, properties }) =>
            (type === 'AWS::Logs::LogGroup' && physicalId === name) ||
            (type === 'AWS::Logs::LogStream' && properties.LogGroupName === name),
        );
        if (deleted.length > 0) return jsonAnswer({});
        return refused('ResourceNotFoundException', 'The specified log group does not exist.');
      } catch (error) {
        if (!(error instanceof ResourceOfStack)) throw error;
        return refused('OperationAbortedException', error.message);
      }
    },
  };
}

function refused(code: string, message: string) {
  return errorAnswer('logs', { status: 400, code, message });
}
