import { Aws } from 'aws-cdk-lib';

/** Places in the CloudWatch console, for text widgets. */

const console = `https://${Aws.REGION}.console.aws.amazon.com/cloudwatch/home?region=${Aws.REGION}`;

export function logsOf(functionName: string): string {
  // The console escapes a slash twice, and `%` with `$`.
  const group = `/aws/lambda/${functionName}`.replaceAll('/', '$252F');
  return `${console}#logsV2:log-groups/log-group/${group}`;
}

/** The alarms whose names begin so. */
export function alarmsOf(name: string): string {
  return `${console}#alarmsV2:?search=${name}`;
}
